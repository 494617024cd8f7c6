using System.Collections.Immutable;
using Quorate.Model.Resources;

namespace Quorate.Executor.Core.Agents;

/// <summary>One run of one agent, as it crosses to the guard. It names an agent, never a program to run: the guard looks it up in its own directories.</summary>
public sealed record AgentInvocation
{
    /// <summary>Which convention the agent follows; never <see cref="AgentClass.Group"/>.</summary>
    public required AgentClass Class { get; init; }

    /// <summary>The OCF provider; empty for other classes.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The agent's type, the name of its file; empty for <see cref="AgentClass.Lsb"/>; the unit for <see cref="AgentClass.Systemd"/>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The absolute path of an LSB script, from the resource's own attribute <c>file</c>; empty for other classes.</summary>
    public string File { get; init; } = "";

    /// <summary>The action as this class calls it (an OCF agent's status is <c>monitor</c>).</summary>
    public required string Action { get; init; }

    /// <summary>The one argument after the action that an rgmanager agent gets, for a migration: the node to migrate to. Null for all else.</summary>
    public string? Argument { get; init; }

    /// <summary><c>type:name</c> of the resource, for logs and answers.</summary>
    public required string Resource { get; init; }

    /// <summary>Variables whose names begin with <c>OCF_</c>; the guard refuses any other and adds the machine's own (PATH, HA_RSCTMP...).</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>After this time the run is killed with all it forked. From 1; at most <see cref="AgentTimeouts.CeilingMilliseconds"/>.</summary>
    public required long TimeoutMilliseconds { get; init; }
}
