using System.Collections.Concurrent;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Quorum.Service;

namespace Quorate.Cli.Demo;

/// <summary>
/// What a fence device or an operator is in a real cluster: it knows for certain that a node is off, and says so once the cluster
/// has found the node lost. Silence alone proves nothing (rule S7), so without its word the services of a dead node would wait.
/// </summary>
internal sealed class PowerSwitch(EventFeed feed)
{
    private const string QuorumQueue = QuorumHost.Queue;
    private const int IncarnationDigits = 8;

    /// <summary>The incarnations of which no process is left; the value is the request's id, so that saying it twice is saying it once.</summary>
    private readonly ConcurrentDictionary<(NodeName Node, Incarnation Incarnation), string> _off = new();

    private readonly HashSet<string> _told = [];

    /// <summary>Records that this life of a node has surely ended.</summary>
    public void SwitchedOff(NodeName node, Incarnation incarnation) => _off[(node, incarnation)] =
        $"power-switch-{node}-{incarnation.Value[..IncarnationDigits]}";

    /// <summary>Begins to watch the membership; the end of what is returned ends it.</summary>
    public Task<IAsyncDisposable> ConnectAsync(IBusEndpoints endpoints, IBusSender sender, CancellationToken cancellation) => endpoints.ConnectAsync(
        $"demo-power.{Guid.NewGuid():N}",
        endpoint => endpoint.Temporary().Bounds(1, 1).On<MembershipChanged>((membership, _, stop) => AnswerAsync(membership, sender, stop)),
        cancellation);

    /// <summary>The membership comes again every ttl, so a word that was lost is said again.</summary>
    private async Task AnswerAsync(MembershipChanged membership, IBusSender sender, CancellationToken cancellation)
    {
        foreach (MemberNode node in membership.Nodes.Where(node => node.State == NodeState.Lost))
        {
            if (node.Incarnation is { } incarnation && _off.TryGetValue((node.Name, incarnation), out string? request)
                && await sender.TrySendAsync(new AcknowledgeFence { RequestId = request, Node = node.Name, Incarnation = incarnation }, QuorumQueue, cancellation)
                && _told.Add(request))
            {
                feed.Tell($"The power switch confirms that {node.Name} is off (in a real cluster: a fence device, the guard's time, or 'quorate fence ack {node.Name}')");
            }
        }
    }
}
