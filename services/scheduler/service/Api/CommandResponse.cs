using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Scheduler.Service.Api;

/// <summary>How a command ended, as HTTP answers it.</summary>
/// <param name="Operation">The operation's id in the history.</param>
/// <param name="Result">The sentence of the result code.</param>
/// <param name="Code">0, or negative as the original numbered it.</param>
/// <param name="Owner">Where the service runs now.</param>
/// <param name="Reasons">Every reason, per node where nodes were tried.</param>
public sealed record CommandResponse(string Operation, string Result, int Code, NodeName? Owner, IReadOnlyList<string> Reasons)
{
    /// <summary>The same answer as the bus carries it.</summary>
    public static CommandResponse From(CommandAnswered answer) =>
        new(answer.Operation, ResultCodeText.Of(answer.Result), (int)answer.Result, answer.Owner, answer.Reasons);

    /// <summary>A refusal that no operation was made for.</summary>
    public static CommandResponse Refused(ResultCode code, params IReadOnlyList<string> reasons) =>
        new("", ResultCodeText.Of(code), (int)code, null, reasons);
}
