using System.Data;
using Dapper;
using Quorate.Contracts;

namespace Quorate.Hosting.Database;

/// <summary>
/// Teaches Dapper the conventions of <see cref="IDatabase"/>. Dapper keeps its handlers per process; setting the same ones again
/// changes nothing. Row types have settable properties: a positional record does not map, since SQLite hands every integer out as long.
/// </summary>
internal static class DapperConventions
{
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new InstantTypeHandler());
        SqlMapper.AddTypeHandler(new GuidTypeHandler());
        SqlMapper.AddTypeHandler(new TextTypeHandler<NodeName>());
        SqlMapper.AddTypeHandler(new TextTypeHandler<ServiceName>());
        SqlMapper.AddTypeHandler(new TextTypeHandler<Incarnation>());
    }
}
