using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>How a command ended: the <c>RG_E*</c> family, with the original's numbers.</summary>
/// <remarks>Source: rgmanager.md 5.4.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<ResultCode>))]
public enum ResultCode
{
    Success = 0,

    /// <summary>RG_EFAIL: it did not work.</summary>
    Fail = -1,

    /// <summary>RG_EABORT: the service failed on the way and needs an operator.</summary>
    Abort = -2,

    /// <summary>RG_ENOSERVICE: no such service.</summary>
    NoService = -4,

    /// <summary>RG_EDEADLCK: another operation on this service is under way.</summary>
    Deadlock = -5,

    /// <summary>RG_EAGAIN: not now; try again.</summary>
    Again = -6,

    /// <summary>RG_EDEPEND: a dependency forbids it.</summary>
    Depend = -7,

    /// <summary>RG_EINVAL: makes no sense in this state.</summary>
    Invalid = -8,

    /// <summary>RG_EQUORUM: the cluster is not quorate.</summary>
    Quorum = -9,

    /// <summary>RG_ERUN: it runs already.</summary>
    AlreadyRunning = -10,

    /// <summary>RG_EFROZEN: the service is frozen.</summary>
    Frozen = -11,

    /// <summary>RG_ENODE: the node is down or unknown.</summary>
    NoNode = -12,

    /// <summary>RG_EFENCE: fencing is pending; try again later.</summary>
    FencePending = -13,

    /// <summary>RG_EDOMAIN: no node may run it.</summary>
    Domain = -15,

    /// <summary>RG_EEXCL: it must run alone and cannot.</summary>
    Exclusive = -16,

    /// <summary>RG_ERELO: it could not move and runs on its first owner again.</summary>
    Relocated = -17,

    /// <summary>RG_EPERM: not allowed to you.</summary>
    Permission = -18,

    /// <summary>RG_EWARNING: done, with a warning in the logs.</summary>
    Warning = -19,
}
