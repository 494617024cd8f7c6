using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.EndToEnd.Labs;
using Quorate.Tests.Storm.Judging;
using Quorate.Tests.Storm.Orders;

namespace Quorate.Tests.Storm.Running;

/// <summary>
/// The operator after a round: switches nodes on that a fence device left off, takes failed services out of their state, and enables what
/// is off on somebody's word. Whatever is enabled has to come back by itself.
/// </summary>
internal sealed class Healing(Lab lab, StormCluster cluster, FaultInjector injector, OrderDesk desk, Diary diary)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>A node that was just switched on is given that long to join.</summary>
    private static readonly TimeSpan PowerOnEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Task> _pending = new(StringComparer.Ordinal);
    private int _orders;

    /// <summary>Waits until every service runs and every command is answered.</summary>
    /// <param name="prefix">Of the request ids of the operator.</param>
    /// <param name="bound">After that long the judge looks at what there is.</param>
    /// <param name="look">Collects what the judge would see.</param>
    /// <param name="isOver">Ends the waiting for answers.</param>
    public async Task UntilAllRunsAsync(string prefix, TimeSpan bound, Func<Task<Evidence>> look, CancellationToken isOver)
    {
        long began = Lab.Now();
        long poweredOn = began;
        string? missing = "";
        while (missing is not null && Lab.Now() - began < bound.TotalNanoseconds)
        {
            await Task.Delay(LookAgainAfter, CancellationToken.None);
            if (await lab.ClusterAsync() is not { } view)
            {
                continue;
            }

            if (Lab.Now() - poweredOn > PowerOnEvery.TotalNanoseconds)
            {
                poweredOn = Lab.Now();
                await injector.PowerOnAsync(view.Nodes.Where(node => node.State != NodeState.Online).Select(node => node.Name.Value));
            }

            foreach (ServiceView service in view.Services)
            {
                await PutRightAsync(service, prefix, isOver);
            }

            Evidence evidence = await look();
            missing = Missing(evidence);
            if (!Judge.Decide(evidence).Overlaps.IsEmpty)
            {
                break; // Nothing that comes can make that good.
            }
        }

        diary.Write(missing is null ? "all runs" : $"given up: {missing}");
        await Task.WhenAll(_pending.Values);
    }

    private string? Missing(Evidence evidence) =>
        evidence.Cluster is not { } view ? "no scheduler answers"
        : view.Nodes.FirstOrDefault(node => node.State != NodeState.Online) is { } node ? $"{node.Name} is {node.State}"
        : view.Services.Select(service => Judge.WhyNotRunning(service, evidence)).OfType<string>().FirstOrDefault()
            ?? evidence.Orders.Where(outcome => outcome.Result is null).Select(outcome => $"{outcome.Order.RequestId} has no answer").FirstOrDefault();

    private async Task PutRightAsync(ServiceView service, string prefix, CancellationToken isOver)
    {
        string name = service.Name.Value.Split(':', 2)[^1];
        if (_pending.TryGetValue(name, out Task? pending) && !pending.IsCompleted)
        {
            return;
        }

        string? verb = service.State switch
        {
            ServiceState.Failed => "disable",
            ServiceState.Disabled => "enable",
            ServiceState.Stopped when await IsStoppedOnOrderAsync(name) => "enable",
            _ => null,
        };
        if (verb is not null)
        {
            string requestId = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{++_orders}");
            _pending[name] = desk.GiveAsync(new Order(TimeSpan.Zero, requestId, name, verb, null, false, _orders % cluster.Nodes.Count), isOver);
        }
    }

    /// <summary>True when the last command that moved it was a stop: it stays so until the next node transition, or until somebody enables it.</summary>
    private async Task<bool> IsStoppedOnOrderAsync(string service)
    {
        Dictionary<string, string> verbs = desk.Outcomes.ToDictionary(outcome => outcome.Order.RequestId, outcome => outcome.Order.Verb, StringComparer.Ordinal);
        return await lab.HistoryAsync(service) is { } history
            && history.Select(transition => verbs.GetValueOrDefault(Outages.RequestOf(transition))).OfType<string>().LastOrDefault() == "stop";
    }
}
