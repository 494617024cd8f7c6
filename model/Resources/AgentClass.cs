using System.Text.Json.Serialization;
using Quorate.Contracts;

namespace Quorate.Model.Resources;

/// <summary>The conventions an agent follows.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<AgentClass>))]
public enum AgentClass
{
    /// <summary>Nothing to run: the resource only groups others (<c>service</c>).</summary>
    Group,

    /// <summary>An OCF agent: parameters as <c>OCF_RESKEY_*</c>, <c>monitor</c> says 0 running, 7 not running.</summary>
    Ocf,

    /// <summary>An rgmanager agent: parameters as <c>OCF_RESKEY_*</c>, <c>status</c> says 0 running, anything else not.</summary>
    Rgmanager,

    /// <summary>An LSB init script named by its own attribute <c>file</c>: <c>status</c> says 0 running, 3 stopped.</summary>
    Lsb,

    /// <summary>A systemd unit named by its own attribute <c>unit</c>: the unit's properties say whether it runs.</summary>
    Systemd,
}
