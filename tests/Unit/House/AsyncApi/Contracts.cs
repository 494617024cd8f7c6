using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.House.AsyncApi;

/// <summary>The messages of the contracts by what they are for.</summary>
internal static class Contracts
{
    /// <summary>Every record of the first version that travels by itself or inside another.</summary>
    public static IReadOnlyList<Type> All { get; } = [.. typeof(ICommand).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(ICommand).Namespace && type is { IsInterface: false, IsEnum: false })
        .OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<Type> Commands { get; } = Of(typeof(ICommand));

    public static IReadOnlyList<Type> Queries { get; } = Of(typeof(IQuery));

    public static IReadOnlyList<Type> Events { get; } = Of(typeof(IEvent));

    /// <summary>What is answered to a query.</summary>
    public static IReadOnlyList<Type> AnswersTo(Type query) => query.Name switch
    {
        nameof(GetCluster) => [typeof(ClusterView), typeof(NotFound)],
        nameof(GetService) => [typeof(ServiceView), typeof(NotFound)],
        nameof(GetHistory) => [typeof(ServiceHistory), typeof(NotFound)],
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Name, "say here what this query is answered with"),
    };

    private static Type[] Of(Type kind) => [.. All.Where(kind.IsAssignableFrom)];
}
