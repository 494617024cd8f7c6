using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Executor.Core.Leases;

/// <summary>
/// How a node comes to do what the arbiter wants when its lease runs out, without the arbiter ever counting on more than the guard keeps
/// (rules S4, S7). Anything weaker than stop is said in heartbeats first, and done once an answer proves that it is stored; stop is done
/// first, and said then.
/// </summary>
public sealed record LeaseLossState
{
    private LeaseLossState()
    {
    }

    /// <summary>What the guard does.</summary>
    public OnLeaseLoss Applied { get; private init; }

    /// <summary>What every heartbeat says from <see cref="SaidFrom"/> on.</summary>
    public OnLeaseLoss Said { get; private init; }

    /// <summary>The first sequence that says so; null while none was sent.</summary>
    public long? SaidFrom { get; private init; }

    /// <summary>True once an answer proved that the lease row has it.</summary>
    public bool IsStored { get; private init; }

    /// <summary>What the guard was asked to do and has not answered; null where nothing was.</summary>
    public OnLeaseLoss? Asked { get; private init; }

    /// <summary>The newest order; null before the first.</summary>
    public LeaseLossOrder? Order { get; private init; }

    /// <summary>True while neither want of a lease nor a refusal ends what runs: an operator works on the cluster.</summary>
    public bool IsSuspended => Applied == OnLeaseLoss.Maintenance && Order is null or { OnLeaseLoss: OnLeaseLoss.Maintenance };

    /// <summary>What the guard is to be asked now; null where there is nothing to ask, or nothing yet.</summary>
    public OnLeaseLoss? ToAsk => Order?.OnLeaseLoss is { } wanted && wanted != Applied && Asked is null && (wanted == OnLeaseLoss.Stop || (wanted == Said && IsStored))
        ? wanted : null;

    /// <summary>What a guard that says hello does already.</summary>
    public static LeaseLossState Of(OnLeaseLoss applied) => new() { Applied = applied, Said = applied };

    /// <summary>A heartbeat is about to leave.</summary>
    public LeaseLossState WithSent(long sequence) => SaidFrom is null ? this with { SaidFrom = sequence } : this;

    /// <summary>An answer came.</summary>
    public LeaseLossState WithAnswer(HeartbeatAnswer answer)
    {
        LeaseLossState state = this with
        {
            Order = answer.LeaseLossOrder is { } order && !IsOlder(order, Order) ? order : Order,
            IsStored = IsStored || (answer.Sequence >= SaidFrom && answer.StoredOnLeaseLoss == Said),
        };
        return state.Order?.OnLeaseLoss switch
        {
            null => state,
            // Not while the guard is about to do the weaker thing: it may do it at any moment.
            OnLeaseLoss.Stop => state.Applied == OnLeaseLoss.Stop && state.Asked is null ? state.Saying(OnLeaseLoss.Stop) : state,
            { } weaker => state.Saying(weaker),
        };
    }

    /// <summary>The guard is being asked.</summary>
    public LeaseLossState WithAsked(OnLeaseLoss asked) => this with { Asked = asked };

    /// <summary>The guard does it from now on, and has it on disk.</summary>
    public LeaseLossState WithApplied(OnLeaseLoss applied)
    {
        LeaseLossState state = this with { Applied = applied, Asked = null };
        return applied == OnLeaseLoss.Stop ? state.Saying(OnLeaseLoss.Stop) : state;
    }

    /// <summary>The guard could not do it now; it is asked again after the next answer.</summary>
    public LeaseLossState WithRefused() => this with { Asked = null };

    private LeaseLossState Saying(OnLeaseLoss what) => what == Said ? this : this with { Said = what, SaidFrom = null, IsStored = false };

    private static bool IsOlder(LeaseLossOrder order, LeaseLossOrder? than) => than is not null
        && (order.Era, order.MaintenanceChange, order.ConfigurationVersion).CompareTo((than.Era, than.MaintenanceChange, than.ConfigurationVersion)) < 0;
}
