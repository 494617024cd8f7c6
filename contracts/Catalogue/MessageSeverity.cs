using System.Text.Json.Serialization;

namespace Quorate.Contracts.Catalogue;

/// <summary>How bad a message is: the syslog levels, most urgent first. Smaller is worse.</summary>
/// <remarks>Source: rgmanager's log levels EMERG ALERT CRIT ERR WARNING NOTICE INFO.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<MessageSeverity>))]
public enum MessageSeverity
{
    /// <summary>The cluster as a whole cannot work.</summary>
    Emergency = 0,

    /// <summary>An administrator must act now.</summary>
    Alert = 1,

    /// <summary>A service or one of our processes is down and will not come back by itself.</summary>
    Critical = 2,

    /// <summary>Something that was asked for or needed did not happen.</summary>
    Error = 3,

    /// <summary>Someone may need to act; work goes on.</summary>
    Warning = 4,

    /// <summary>Normal, and worth knowing.</summary>
    Notice = 5,

    /// <summary>Normal.</summary>
    Info = 6,
}
