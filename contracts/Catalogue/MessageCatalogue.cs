using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Quorate.Contracts.Catalogue;

/// <summary>
/// Every message an operator can see. To add one: give it a value in <see cref="CatalogueMessage"/> in its component's range, define it
/// in that range's file, log it with its value as the event id, and tag a test that provokes it.
/// </summary>
public static class MessageCatalogue
{
    /// <summary>The first number of our own messages; those below are rgmanager's.</summary>
    public const int OwnNumbersFrom = 1000;

    /// <summary>All definitions, by number and within a number by variant.</summary>
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        .. new[]
        {
            DaemonMessages.All,
            RmtabMessages.All,
            EvaluationMessages.All,
            ServiceMessages.All,
            WarningMessages.All,
            ConfigurationMessages.All,
            FencingMessages.All,
            ArbiterMessages.All,
            QueueMessages.All,
        }.SelectMany(range => range).OrderBy(definition => definition.Number).ThenBy(definition => definition.Variant),
    ];

    private static readonly FrozenDictionary<CatalogueMessage, MessageDefinition> ById = All.ToFrozenDictionary(definition => definition.Id);

    /// <summary>The definition of a message; never null.</summary>
    /// <exception cref="InvariantViolation">The name is in the enumeration but nobody defined it.</exception>
    public static MessageDefinition Of(CatalogueMessage message) =>
        ById.TryGetValue(message, out MessageDefinition? definition)
            ? definition
            : throw new InvariantViolation($"message {message} is not defined in the catalogue");

    /// <summary>All texts of a number: none if nobody has it, two for #55, otherwise one.</summary>
    public static ImmutableArray<MessageDefinition> Find(int number) => [.. All.Where(definition => definition.Number == number)];
}
