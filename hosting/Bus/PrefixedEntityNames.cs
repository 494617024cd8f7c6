using MassTransit;

namespace Quorate.Hosting.Bus;

/// <summary>Puts the bus prefix before the exchange name of every message type.</summary>
internal sealed class PrefixedEntityNames(IEntityNameFormatter names, string prefix) : IEntityNameFormatter
{
    public string FormatEntityName<T>() => prefix + names.FormatEntityName<T>();
}
