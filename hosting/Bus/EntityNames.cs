using MassTransit;
using MassTransit.RabbitMqTransport;
using Quorate.Contracts.V1;

namespace Quorate.Hosting.Bus;

/// <summary>
/// The exchange of each message type: of our own ones the short name, <c>EnableService</c>, which is the stable address for any language; of
/// all others what the transport calls them. The bus prefix comes before it.
/// </summary>
internal sealed class EntityNames(IEntityNameFormatter names, string prefix) : IEntityNameFormatter
{
    private const string Namespace = "Quorate.Contracts.V1";

    public string FormatEntityName<T>() =>
        prefix + (IsOurs(typeof(T)) ? typeof(T).Name : names.FormatEntityName<T>());

    /// <summary>The urn of what is published to an exchange; null where that says no type.</summary>
    /// <param name="exchange">Its name without prefix: short, or with namespace and colon.</param>
    public static string? UrnOf(string exchange) => exchange switch
    {
        _ when exchange.Contains(':', StringComparison.Ordinal) => $"urn:message:{exchange}",
        _ when ContractOf(exchange) is not null => $"urn:message:{Namespace}:{exchange}",
        _ => null,
    };

    /// <summary>By which way a message came. In memory there are no foreign exchanges, and nobody outside.</summary>
    public static MessageOrigin OriginOf(ReceiveContext context, string prefix)
    {
        if (!context.TryGetPayload(out RabbitMqBasicConsumeContext? delivered))
        {
            return new MessageOrigin("", null, IsForeign: false);
        }
        string exchange = delivered.Exchange;
        string? urn = exchange.StartsWith(prefix, StringComparison.Ordinal) ? UrnOf(exchange[prefix.Length..]) : null;
        bool isToTheQueue = exchange.Length == 0 || exchange == context.InputAddress.Segments[^1];
        return new MessageOrigin(exchange, urn, IsForeign: urn is null && !isToTheQueue);
    }

    /// <summary>The type of ours whose exchange has this name, without prefix; null for any other exchange.</summary>
    public static Type? ContractOf(string exchange) => typeof(EnableService).Assembly.GetType($"{Namespace}.{exchange}");

    private static bool IsOurs(Type type) => type is { Namespace: Namespace, IsNested: false, IsGenericType: false };
}
