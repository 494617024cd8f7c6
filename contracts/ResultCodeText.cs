namespace Quorate.Contracts;

/// <summary>The sentence a person sees for each result code.</summary>
/// <remarks>Source: rgmanager.md 5.4, so that scripts written for clusvcadm keep matching.</remarks>
public static class ResultCodeText
{
    /// <summary>The original's text of a code; never null.</summary>
    public static string Of(ResultCode code) => code switch
    {
        ResultCode.Success => "Success",
        ResultCode.Fail => "Failure",
        ResultCode.Abort => "Aborted; service failed",
        ResultCode.NoService => "Service does not exist",
        ResultCode.Deadlock => "Operation would cause a deadlock",
        ResultCode.Again => "Temporary failure; try again",
        ResultCode.Depend => "Operation violates dependency rule",
        ResultCode.Invalid => "Invalid operation for resource",
        ResultCode.Quorum => "Operation requires quorum",
        ResultCode.AlreadyRunning => "Service is already running",
        ResultCode.Frozen => "Failure: Service is frozen",
        ResultCode.NoNode => "Target node dead / nonexistent",
        ResultCode.FencePending => "Fencing operation pending; try again later",
        ResultCode.Domain => "Service not runnable",
        ResultCode.Exclusive => "Service not runnable: cannot run exclusive",
        ResultCode.Relocated => "Failed; service running on original owner",
        ResultCode.Permission => "Permission denied",
        ResultCode.Warning => "Warning; see system logs",
        _ => "Unknown",
    };
}
