using System.Data;
using Dapper;

namespace Quorate.Hosting.Database;

/// <summary>Stores a GUID as TEXT, 32 lower-case hexadecimal digits with hyphens.</summary>
internal sealed class GuidTypeHandler : SqlMapper.TypeHandler<Guid>
{
    public override void SetValue(IDbDataParameter parameter, Guid value)
    {
        parameter.DbType = DbType.String;
        parameter.Value = value.ToString("D");
    }

    public override Guid Parse(object value) => Guid.ParseExact((string)value, "D");
}
