using System.Data.Common;
using Dapper;
using Npgsql;
using Quorate.Hosting.Database;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Stores;

[Collection(RealEngines.SecondCollection)]
public sealed class The_store_of_PostgreSQL(RealEngines engines) : A_store
{
    private protected override async Task<IStoreUnderTest> OpenAsync()
    {
        NpgsqlConnectionStringBuilder direct = new(await engines.NewPostgresDatabaseAsync());
        AnswerRelay relay = new(direct.Host!, direct.Port); // the engine gives both
        string through = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = relay.Port }.ConnectionString;
        return await SqlStore.OpenAsync(
            DatabaseFactory.Create(through),
            kill: async connection =>
            {
                int session = await connection.ExecuteScalarAsync<int>("SELECT pg_backend_pid()");
                await engines.ExecuteOnPostgresAsync($"SELECT pg_terminate_backend({session}, 5000)");
            },
            loseAnswer: () =>
            {
                relay.CutNextAnswer();
                return static () => { };
            },
            relay);
    }
}
