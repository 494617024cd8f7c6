using System.Data.Common;
using Dapper;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Quorum.Service.Configuration;

/// <summary>
/// The newest <c>cluster.conf</c> that any replica was given. All replicas decide by it, whatever file each was started with: two that counted
/// different votes would contradict each other.
/// </summary>
internal sealed class ConfigurationStore(DbConnection connection, DbTransaction? transaction)
{
    private const string NewestFirst = "ORDER BY version DESC LIMIT 1";

    /// <summary>Makes a replica follow what is stored.</summary>
    /// <returns>True when that was another one than before.</returns>
    public async Task<bool> RefreshAsync(ConfigurationInForce inForce)
    {
        if (await NewestDigestAsync() is not { } digest || digest == inForce.Current.Digest)
        {
            return false;
        }

        string text = await connection.QuerySingleAsync<string>(
            "SELECT text FROM quorum_configuration WHERE digest = @digest", new { digest }, transaction);
        if (ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration is not { Nodes.IsEmpty: false } configuration)
        {
            return false;
        }

        inForce.Replace(configuration);
        return true;
    }

    /// <summary>Keeps a configuration if it is newer than all that are stored; to be called with the state's row locked.</summary>
    /// <returns>True when it was.</returns>
    public async Task<bool> OfferAsync(string digest, int version, string text, DateTimeOffset now) =>
        await connection.ExecuteAsync(
            """
            INSERT INTO quorum_configuration (digest, version, text, stored_at)
            SELECT @digest, @version, @text, @now WHERE NOT EXISTS (SELECT 1 FROM quorum_configuration WHERE version >= @version)
            """,
            new { digest, version, text, now = now.ToUnixTimeMilliseconds() }, transaction) == 1;

    private Task<string?> NewestDigestAsync() =>
        connection.QueryFirstOrDefaultAsync<string>($"SELECT digest FROM quorum_configuration {NewestFirst}", transaction: transaction);
}
