using Quorate.Contracts;
using Quorate.Contracts.V1;

namespace Quorate.Hosting.Refusals;

/// <summary>Answers to messages that are no command of their own: they have no operation, and an earlier copy keeps its answer.</summary>
public static class Refusal
{
    /// <summary>The refusal of a command that came too late. It says nothing about an earlier copy, which may have been carried out.</summary>
    public static CommandAnswered Expired(ICommand command, ServiceName? service) => new()
    {
        RequestId = command.RequestId,
        Operation = "",
        Service = service,
        Result = ResultCode.Again,
        Code = (int)ResultCode.Again,
        IsRefused = true,
        Reasons = ["this message expired before it was read, and changed nothing; send it again with more time if it is still wanted"],
    };
}
