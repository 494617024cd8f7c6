namespace Quorate.Executor.Core.Agents;

/// <summary>What an OCF agent's exit code says.</summary>
/// <remarks>Source: the OCF resource agent API 1.1; rgmanager.md 2.6.</remarks>
public enum OcfExitCode
{
    Success = 0,
    GenericError = 1,
    BadArguments = 2,
    Unimplemented = 3,
    InsufficientPermissions = 4,
    NotInstalled = 5,
    NotConfigured = 6,
    NotRunning = 7,
    RunningPromoted = 8,
    FailedPromoted = 9,
}
