using Quorate.Contracts;

namespace Quorate.Quorum.Core;

/// <summary>What an operator's word about a node led to. A closed set; <see cref="Reason"/> is shown to the operator.</summary>
public abstract record AcknowledgementDecision(ResultCode Result, string Reason)
{
    /// <summary>The row becomes fenced, if nothing changed it since.</summary>
    public sealed record Accept(LeaseRow Row, string Reason) : AcknowledgementDecision(ResultCode.Success, Reason);

    /// <summary>That incarnation had ended before.</summary>
    public sealed record AlreadyEnded(string Reason) : AcknowledgementDecision(ResultCode.Success, Reason);

    /// <summary>Nothing is changed.</summary>
    public sealed record Refuse(ResultCode Result, string Reason) : AcknowledgementDecision(Result, Reason);
}
