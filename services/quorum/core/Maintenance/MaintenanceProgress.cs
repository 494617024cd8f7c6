using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Model.Configuration;

namespace Quorate.Quorum.Core.Maintenance;

/// <summary>When a command to switch maintenance is done: once every node that is online has it in its guard's journal.</summary>
/// <remarks>Source: DESIGN 4; ADR 0010.</remarks>
public static class MaintenanceProgress
{
    /// <summary>How long the nodes are waited for before the answer names those that did not confirm. What was switched stays switched.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The answer; null while some node that is online has not confirmed and there is time left.</summary>
    public static MaintenanceAnswer? Find(
        MaintenanceRequest request, ClusterConfiguration configuration, IReadOnlyCollection<LeaseRow> rows, ArbiterState arbiter, DateTimeOffset now)
    {
        string state = request.IsOn ? "on" : "off";
        if (arbiter.MaintenanceChange != request.Change)
        {
            return new(ResultCode.Invalid, [$"maintenance was switched again before every node had confirmed that it is {state}"]);
        }

        ILookup<Standing, string> nodes = configuration.Nodes
            .ToLookup(node => StandingOf(rows.FirstOrDefault(row => row.Node == node.Name), request.IsOn), node => node.Name.Value);
        ImmutableArray<string> offline = nodes[Standing.Offline].Any()
            ? [$"offline, and told when they come back: {Names(nodes[Standing.Offline])}"] : [];
        return nodes switch
        {
            _ when !nodes[Standing.Waiting].Any() => new(ResultCode.Success, [$"maintenance is {state}, confirmed by {Names(nodes[Standing.Confirmed])}", .. offline]),
            _ when now - request.AskedAt >= Patience => new(
                ResultCode.Fail, [$"maintenance is {state}, not confirmed within {Patience.TotalSeconds:0} s by {Names(nodes[Standing.Waiting])}", .. offline]),
            _ => null,
        };
    }

    private static Standing StandingOf(LeaseRow? row, bool isOn) => row switch
    {
        not { State: LeaseState.Live } => Standing.Offline,
        _ when isOn => row.ConfirmedOnLeaseLoss == OnLeaseLoss.Maintenance ? Standing.Confirmed : Standing.Waiting,
        // A node says something else only once its guard does it.
        _ => row.OnLeaseLoss != OnLeaseLoss.Maintenance ? Standing.Confirmed : Standing.Waiting,
    };

    private static string Names(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "nobody";

    private enum Standing
    {
        Confirmed,
        Waiting,
        Offline,
    }
}
