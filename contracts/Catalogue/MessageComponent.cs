using System.Text.Json.Serialization;

namespace Quorate.Contracts.Catalogue;

/// <summary>The part of Quorate that raises a message first; the same name, in lower case, stands in <see cref="V1.MessageRaised.Component"/>.</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<MessageComponent>))]
public enum MessageComponent
{
    /// <summary>Membership, leases, votes.</summary>
    Quorum,

    /// <summary>Service states, placement, commands.</summary>
    Scheduler,

    /// <summary>Resource agents on one node, and the guard above them.</summary>
    Executor,

    /// <summary>The table of NFS clients.</summary>
    Rmtab,

    /// <summary>The command line.</summary>
    Cli,

    /// <summary>Reading and storing <c>cluster.conf</c>, wherever that happens.</summary>
    Configuration,
}
