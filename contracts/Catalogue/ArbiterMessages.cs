using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>#1130 and #1131: a database that forgot. Our own.</summary>
internal static class ArbiterMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.ArbiterWentBack, Alert, Quorum,
            "The database went back: it stands at <point>, and <point> was seen before", ["Stored", "Highest"],
            "A backup was restored, or a standby without the newest commits took over. What was committed in between is forgotten, so "
            + "nobody knows from the database what runs where. Quorum dissolves and no node gets a lease.",
            "Find out which database is the right one. If a newer one can be had, stop the quorum replicas and bring that back. Otherwise "
            + "look at `quorate arbiter status`, make sure that no node runs services, and say `quorate arbiter accept`."),

        new(CatalogueMessage.ArbiterAccepted, Warning, Quorum,
            "A database that went back was accepted, era <number> begins", ["Era"],
            "An operator took a database for the truth that had forgotten commits. Every node is admitted anew or fenced before its "
            + "services are evaluated.",
            "Compare services, configuration and disabled services with what they were before: what was ordered in the forgotten time has to "
            + "be ordered again."),
    ];
}
