using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Core;

/// <summary>What a decision sets in motion; written to the outbox in the transaction that stores the record.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Send an order to the incarnation's own queue.</summary>
    public sealed record Operate(OperateService Command) : Effect;

    /// <summary>Have a node cut off by its devices; the same request again changes nothing.</summary>
    public sealed record Fence(FenceNode Command) : Effect;

    /// <summary>Answer a command, once and for all.</summary>
    public sealed record Answer(string RequestId, ResultCode Result, NodeName? Owner, ImmutableArray<string> Reasons) : Effect
    {
        /// <summary>True when nothing was tried.</summary>
        public bool IsRefused { get; init; }
    }

    /// <summary>Raise a message of the catalogue; the arguments fill its template in order.</summary>
    public sealed record Raise(CatalogueMessage Message, ImmutableArray<string> Arguments) : Effect;

    /// <summary>Let the planner look at whatever is not as it should be.</summary>
    public sealed record NeedsSweep : Effect;

    /// <summary>Let the planner look at these services.</summary>
    public sealed record NeedsPlacement(ImmutableArray<ServiceName> Services) : Effect;
}
