using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Executor.Core.Agents;

/// <summary>How one run of an agent came to its end.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<AgentEnd>))]
public enum AgentEnd
{
    /// <summary>It ended by itself; see <see cref="AgentResult.ExitCode"/>.</summary>
    Exited,

    /// <summary>A signal ended it; see <see cref="AgentResult.Signal"/>.</summary>
    Signalled,

    /// <summary>It did not end in time and was killed with all it forked.</summary>
    TimedOut,

    /// <summary>The executor took its request back, or the incarnation ended; it was killed with all it forked.</summary>
    Cancelled,

    /// <summary>No such agent in the guard's directories, or its file is not an executable; nothing ran. The exit code is 5.</summary>
    Missing,

    /// <summary>The guard could not start it (no memory, no process, no cgroup); nothing ran.</summary>
    NotStarted,
}
