using System.Data;
using Dapper;
using Quorate.Contracts;

namespace Quorate.Hosting.Database;

/// <summary>Stores an identifier as TEXT.</summary>
internal sealed class TextTypeHandler<T> : SqlMapper.TypeHandler<T> where T : struct, IText<T>
{
    public override void SetValue(IDbDataParameter parameter, T value)
    {
        parameter.DbType = DbType.String;
        parameter.Value = value.Value;
    }

    public override T Parse(object value) => T.FromText((string)value);
}
