using System.Collections.Immutable;
using System.Globalization;
using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>The course of one forecast: the records as they would be, and what led there. It lives inside one call.</summary>
internal sealed class Course
{
    private readonly ForecastInquiry _inquiry;
    private readonly SortedDictionary<ServiceName, ServiceRecord> _records = [];
    private readonly SortedDictionary<ServiceName, CourseOfService> _courses = [];
    private readonly Dictionary<string, Effect.Answer> _answers = new(StringComparer.Ordinal);
    private readonly SortedSet<ServiceName> _wanted = [];

    public Course(ForecastInquiry inquiry)
    {
        _inquiry = inquiry;
        foreach (ServiceRecord record in inquiry.Situation.Services)
        {
            _records[record.Name] = record;
            _courses[record.Name] = new CourseOfService(record);
        }
    }

    /// <summary>Those that an error of our own would set aside, and the error.</summary>
    public ImmutableDictionary<ServiceName, string> SetAside { get; private set; } = ImmutableDictionary<ServiceName, string>.Empty;

    private MembershipView Membership => _inquiry.Situation.Membership;

    private PlacementSituation Situation => _inquiry.Situation with
    {
        Services = [.. _records.Values],
        Parked = _inquiry.Situation.Parked.Union(SetAside.Keys),
        Changes = _records.Values.Select(record => (record.Name, Change: _inquiry.ChangeOf(record))).Where(pair => pair.Change is not null)
            .ToImmutableDictionary(pair => pair.Name, pair => pair.Change!), // not null: the line before
    };

    /// <summary>Goes on until nothing moves any more.</summary>
    /// <param name="causes">Of the first look.</param>
    /// <returns>False when something still moved after the last look.</returns>
    public bool Settle(ImmutableArray<PlacementEvent> causes)
    {
        for (int round = 0; round < Forecast.RoundsMax; round++)
        {
            ImmutableArray<PlacementEvent> wanted = _wanted.Count == 0 ? [] : [new PlacementEvent.ServicesNeedPlacement([.. _wanted])];
            _wanted.Clear();
            bool hasMoved = Look([.. round == 0 ? causes : [], .. wanted, new PlacementEvent.Sweep()]);
            if (!CarryOut() && !hasMoved)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An operator orders.</summary>
    public void Order(ImmutableArray<(CommandKind Command, ServiceName Service)> commands)
    {
        for (int index = 0; index < commands.Length; index++)
        {
            (CommandKind command, ServiceName service) = commands[index];
            if (IsAside(service))
            {
                _answers[RequestOf(index)] = new Effect.Answer(RequestOf(index), ResultCode.Abort, null, ["it is parked, and nothing moves it"]) { IsRefused = true };
                continue;
            }

            ServiceSituation situation = SituationOf(service) with
            {
                Others = command == CommandKind.Relocate ? [.. _records.Values.Where(other => other.Name != service)] : [],
                Parked = Situation.Parked,
            };
            Decision? decision = See(service, () => Lifecycle.Decide(situation, new ServiceEvent.CommandReceived(command, RequestOf(index), null)));
            if (decision is { IsChanged: true })
            {
                _courses[service].Says(decision.Reason);
            }
        }
    }

    /// <summary>What each of the commands would be answered.</summary>
    public ImmutableArray<ForecastAnswer> Answers(ImmutableArray<(CommandKind Command, ServiceName Service)> commands) =>
    [
        .. commands.Select((order, index) => _answers.TryGetValue(RequestOf(index), out Effect.Answer? answer)
            ? new ForecastAnswer(order.Command, order.Service, answer.Result, answer.IsRefused, answer.Reasons)
            : new ForecastAnswer(order.Command, order.Service, ResultCode.Again, IsRefused: false, ["it would still be under way"])),
    ];

    /// <summary>What would become of each service.</summary>
    public ImmutableArray<ServiceForecast> Services()
    {
        PlacementPlan word = SturdyPlanner.Plan(Situation, new PlacementEvent.ServicesNeedPlacement([.. _records.Keys]));
        Dictionary<ServiceName, ServicePlan> words = word.Services.ToDictionary(plan => plan.Service);
        return [.. _records.Values.Select(after => _courses[after.Name].End(after, words.GetValueOrDefault(after.Name), Membership))];
    }

    private static string RequestOf(int index) => string.Create(CultureInfo.InvariantCulture, $"forecast {index}");

    private bool IsAside(ServiceName service) => _inquiry.Situation.Parked.Contains(service) || SetAside.ContainsKey(service);

    /// <summary>As an evaluation does: what has ended first, then one plan for each service, of the weightiest cause.</summary>
    private bool Look(ImmutableArray<PlacementEvent> causes)
    {
        bool hasMoved = false;
        foreach (ServiceRecord record in _records.Values.Where(record => !IsAside(record.Name)).ToList())
        {
            foreach ((NodeName node, Incarnation incarnation) in EndedLives.Of(record, Membership))
            {
                hasMoved |= See(record.Name, () => Lifecycle.Decide(SituationOf(record.Name), new ServiceEvent.OwnerEnded(node, incarnation))) is { IsChanged: true };
            }
        }

        if (!Membership.IsQuorate)
        {
            return hasMoved;
        }

        PlacementSituation situation = Situation;
        SortedDictionary<ServiceName, ServicePlan> plans = [];
        foreach (PlacementEvent cause in causes)
        {
            PlacementPlan together = SturdyPlanner.Plan(situation, cause);
            foreach (ServicePlan plan in together.Services)
            {
                plans.TryAdd(plan.Service, plan);
            }

            SetAside = together.LeftOut.Aggregate(SetAside, (all, broken) => all.SetItem(broken.Key, broken.Value.Message));
        }

        foreach (ServicePlan plan in plans.Values)
        {
            if (See(plan.Service, () => Lifecycle.Apply(SituationOf(plan.Service), plan)) is { IsChanged: true })
            {
                hasMoved = true;
                _courses[plan.Service].Follows(plan);
            }
        }

        return hasMoved;
    }

    /// <summary>Every node that is there does as it was told.</summary>
    private bool CarryOut()
    {
        bool hasMoved = false;
        foreach (ServiceRecord record in _records.Values.Where(record => !IsAside(record.Name)).ToList())
        {
            // A probe finds what nobody can foresee, and stands in nobody's way.
            if (record.Pending is { AwaitsFencing: false, Action: not NodeAction.Probe } order && Membership.OnlineIncarnation(order.Node) == order.Incarnation)
            {
                hasMoved = true;
                _courses[record.Name].Does(order);
                See(record.Name, () => Lifecycle.Decide(SituationOf(record.Name), new ServiceEvent.OperationEnded(Done(record, order))));
            }
        }

        return hasMoved;
    }

    private static OperationEnded Done(ServiceRecord record, PendingOperation order) => new()
    {
        Service = record.Name,
        Epoch = record.PendingEpoch,
        Attempt = order.Attempt,
        Action = order.Action,
        Node = order.Node,
        Incarnation = order.Incarnation,
        Outcome = OperationOutcome.Succeeded,
        IsRunning = order.Action switch { NodeAction.Stop or NodeAction.Migrate => false, NodeAction.Receive => null, _ => true },
    };

    private ServiceSituation SituationOf(ServiceName service) => new()
    {
        Service = _records[service],
        Configuration = _inquiry.Situation.Configuration,
        Membership = Membership,
        Now = _inquiry.Situation.Now,
        Timeouts = _inquiry.Situation.Configuration.FindService(service) is { } definition ? OperationTimeouts.Of(definition.Tree) : OperationTimeouts.Default,
    };

    private Decision? See(ServiceName service, Func<Decision> decide)
    {
        Decision decision;
        try
        {
            decision = decide();
        }
        catch (InvariantViolation broken)
        {
            // The cluster would park it, and go on with the others (rule S13).
            SetAside = SetAside.SetItem(service, broken.Message);
            return null;
        }

        _records[service] = decision.Next;
        foreach (Effect effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.Answer answer:
                    _answers.TryAdd(answer.RequestId, answer);
                    break;
                case Effect.NeedsPlacement { Services: var services }:
                    _wanted.UnionWith(services);
                    break;
            }
        }

        return decision;
    }
}
