using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>Source: docs/sql.md: what a role that may only read sees of the cluster, and what it cannot do.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_others_read_by_SQL(RealEngines servers) : A_scheduler(servers)
{
    private const string InsufficientPrivilege = "42501";

    private readonly RealEngines _servers = servers;

    /// <summary>HTTP's names in snake case; from and to are words of SQL.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal) { ["from"] = "from_state", ["to"] = "to_state" };

    [Fact]
    public async Task The_views_say_field_for_field_what_the_HTTP_API_says()
    {
        await StartAsync(
            """<service name="web" domain="order"/>""", """<service name="off" autostart="0"/>""", """<service name="stuck" domain="one"/>""",
            """<service name="aside" domain="one"/>""", """<service name="cold" domain="order"/>""");
        ExecutorDouble n1 = await Cluster.JoinAsync("n1", "a1");
        n1.Answer = order => order is { Action: NodeAction.Stop, Service.Name: "stuck" } ? ExecutorDouble.Fail(order) with { Detail = "core\0dumped" } : ExecutorDouble.Succeed(order);
        await Cluster.JoinAsync("n2", "b1");
        // n3 never came: the membership does not name it.
        await Cluster.PublishMembershipAsync();
        await Cluster.UntilAsync("stuck", ServiceState.Started, "n1");
        await Cluster.UntilAsync("cold", ServiceState.Started, "n1");
        await Cluster.UntilAsync("off", ServiceState.Disabled);
        await Cluster.PostAsync("stuck", "disable", wait: 20);
        await Cluster.PostAsync("cold", "freeze", wait: 20);
        await Cluster.PostAsync("web", "relocate", "n2", wait: 20);
        await Cluster.PostAsync("web", "relocate", "nowhere", wait: 20);
        await Cluster.ExecuteAsync("UPDATE scheduler_service SET parked = 'an error of our own' WHERE name = 'service:aside'");
        await AddOneCommandOfEachResultAsync();
        await using NpgsqlConnection reader = await ReaderAsync();

        await AssertSameAsync(reader, "services", "/api/services", key: "name");
        await AssertSameAsync(reader, "nodes", "/api/nodes", key: "name");
        await AssertSameAsync(reader, "transitions WHERE service = 'service:web'", "/api/services/web/history", key: "id", beside: "service");
        await AssertSameAsync(reader, "operations", "/api/operations?last=1000", key: "operation");
        JsonObject cluster = JsonNode.Parse(await Cluster.First.Http.GetStringAsync("/api/cluster"))!.AsObject(); // it is one
        cluster.Remove("nodes");
        cluster.Remove("services");
        AssertSame(cluster, Assert.Single(await RowsAsync(reader, "cluster")), []);
    }

    [Fact]
    public async Task What_a_configuration_adds_or_takes_out_is_seen_in_both()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="old" autostart="0"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("old", ServiceState.Disabled);
        await using NpgsqlConnection reader = await ReaderAsync();

        await Cluster.First.ApplyAsync(Configurations.Text(2, """<service name="web" domain="order"/>""", """<service name="new" autostart="0"/>""")
            .Replace("nodeid=\"3\" votes=\"1\"", "nodeid=\"3\" votes=\"2\"", StringComparison.Ordinal));
        await Cluster.UntilAsync("new", ServiceState.Disabled);

        Assert.Equal(["service:new", "service:web"], (await RowsAsync(reader, "services")).Select(row => (string?)row["name"]).Order());
        await AssertSameAsync(reader, "services", "/api/services", key: "name");
        await AssertSameAsync(reader, "nodes", "/api/nodes", key: "name");
    }

    /// <summary>A database of before the outline was kept.</summary>
    [Fact]
    public async Task A_configuration_that_was_stored_by_an_older_version_is_seen_after_a_start()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.ExecuteAsync("UPDATE scheduler_configuration SET outline = NULL");

        await Cluster.AddReplicaAsync();

        await using NpgsqlConnection reader = await ReaderAsync();
        Assert.Equal(3, (await RowsAsync(reader, "nodes")).Count);
        Assert.Equal("test", (string?)Assert.Single(await RowsAsync(reader, "cluster"))["name"]);
    }

    [Fact]
    public async Task Whoever_reads_can_neither_write_nor_look_beneath()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await using NpgsqlConnection reader = await ReaderAsync();
        List<string> tables = await ListAsync(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE 'scheduler%' OR tablename LIKE 'quorate%') ORDER BY tablename");

        Assert.Contains("scheduler_service", tables);
        foreach (string table in tables)
        {
            await AssertRefusedAsync(reader, $"SELECT * FROM public.{table}");
            await AssertRefusedAsync(reader, $"DELETE FROM public.{table}");
        }

        foreach (string view in (string[])["services", "nodes", "transitions", "operations", "cluster"])
        {
            await using NpgsqlCommand asked = new(
                $"SELECT has_table_privilege('quorate.{view}', 'SELECT') AND NOT has_table_privilege('quorate.{view}', 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')", reader);
            Assert.True((bool?)await asked.ExecuteScalarAsync(), view);
        }

        await AssertRefusedAsync(reader, "UPDATE quorate.transitions SET reason = ''");
        await AssertRefusedAsync(reader, "DELETE FROM quorate.operations");
        await AssertRefusedAsync(reader, "CREATE TABLE quorate.mine (id INTEGER)");
    }

    [Fact]
    public async Task The_document_names_every_column_and_its_examples_run()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await using NpgsqlConnection reader = await ReaderAsync();
        string document = await File.ReadAllTextAsync(DocumentPath());
        List<string> columns = await ListAsync(
            "SELECT table_name || '.' || column_name || ' ' || CASE udt_name WHEN '_text' THEN 'text[]' WHEN 'int4' THEN 'integer' WHEN 'int8' THEN 'bigint' WHEN 'bool' THEN 'boolean' ELSE udt_name END "
            + "FROM information_schema.columns WHERE table_schema = 'quorate'");

        Assert.Equal(columns.Order(StringComparer.Ordinal), DocumentedColumns(document).Order(StringComparer.Ordinal));
        string[] examples = [.. document.Split("```sql\n").Skip(1).Select(block => block.Split("```")[0])];
        Assert.True(examples.Length >= 3);
        foreach (string example in examples)
        {
            await using NpgsqlCommand command = new(example, reader);
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        }
    }

    /// <summary>A server of its own, where nobody has made the group yet.</summary>
    [Fact]
    public async Task A_scheduler_without_the_rights_starts_says_so_and_makes_the_views_once_it_may()
    {
        RealEngines own = RealEngines.OfOneTest();
        try
        {
            string setting = await OwnDatabaseAsync(own, "plain", "NOCREATEROLE", isOwner: false);
            await using SchedulerCluster cluster = await SchedulerCluster.StartAsync(
                _servers, SchedulerCluster.Rm("""<service name="web" domain="order"/>"""), prepare: UseAsync(setting));
            await cluster.FormAsync();
            await cluster.UntilAsync("web", ServiceState.Started, "n1");
            string said = Assert.Single(cluster.First.Logs.Logged(1240));

            await ExecuteAsync(AsAdministrator(setting), "CREATE SCHEMA quorate AUTHORIZATION \"plain\"");
            SchedulerReplica second = await cluster.AddReplicaAsync();
            string saidOfRole = Assert.Single(second.Logs.Logged(1241));
            await ExecuteAsync(AsAdministrator(setting), "CREATE ROLE quorate_reader NOLOGIN; CREATE ROLE viewer LOGIN IN ROLE quorate_reader");
            SchedulerReplica third = await cluster.AddReplicaAsync();

            Assert.Contains("CREATE SCHEMA quorate AUTHORIZATION \"plain\"", said, StringComparison.Ordinal);
            Assert.Contains("CREATE ROLE quorate_reader", saidOfRole, StringComparison.Ordinal);
            Assert.Empty(second.Logs.Logged(1240));
            Assert.Empty(third.Logs.Logged(1241));
            await using NpgsqlConnection reader = await OpenAsync(new NpgsqlConnectionStringBuilder(setting) { Username = "viewer" }.ConnectionString);
            Assert.Equal("service:web", (string?)Assert.Single(await RowsAsync(reader, "services"))["name"]);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    /// <summary>By default a user's search path begins with the schema of the user's own name: the next start would have made all tables anew there.</summary>
    [Fact]
    public async Task A_user_with_the_name_of_the_schema_keeps_its_tables()
    {
        RealEngines own = RealEngines.OfOneTest();
        try
        {
            string setting = await OwnDatabaseAsync(own, "quorate", "CREATEROLE", isOwner: true);
            await using SchedulerCluster cluster = await SchedulerCluster.StartAsync(
                _servers, SchedulerCluster.Rm("""<service name="web" domain="order"/>"""), prepare: UseAsync(setting));
            await cluster.FormAsync();
            await cluster.UntilAsync("web", ServiceState.Started, "n1");

            await cluster.AddReplicaAsync();

            Assert.Empty(cluster.First.Logs.Logged(1240));
            Assert.Equal(ServiceState.Started, (await cluster.GetAsync("web")).State);
            Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT COUNT(*) FROM pg_class WHERE relname = 'scheduler_service'"));
            Assert.Equal(1, await cluster.ScalarAsync<long>("SELECT COUNT(*) FROM pg_class WHERE relname = 'quorate_migrations'"));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    /// <summary><c>VIEW.COLUMN TYPE</c> of each row of the tables under the views' headings.</summary>
    private static IEnumerable<string> DocumentedColumns(string document) =>
        from section in document.Split("\n## ").Skip(1)
        where section.StartsWith("quorate.", StringComparison.Ordinal)
        from line in section.Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Split(" | ")
        from name in cells[0].Trim('|', ' ').Split(", ")
        select $"{section.Split('\n')[0]["quorate.".Length..]}.{name.Trim('`')} {cells[1]}";

    private static string DocumentPath()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Quorate.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "docs", "sql.md");
    }

    private static Func<EnginesUnderTest, Task> UseAsync(string setting) => engines =>
    {
        engines.Options.Database = setting;
        return Task.CompletedTask;
    };

    /// <summary>A database of a user who may make tables in it, and what else is said.</summary>
    private static async Task<string> OwnDatabaseAsync(RealEngines engines, string user, string rights, bool isOwner)
    {
        string administrator = await engines.NewPostgresDatabaseAsync();
        NpgsqlConnectionStringBuilder setting = new(administrator);
        await ExecuteAsync(administrator, $"CREATE ROLE \"{user}\" LOGIN {rights}");
        await ExecuteAsync(administrator, isOwner ? $"ALTER DATABASE {setting.Database} OWNER TO \"{user}\"" : $"GRANT CREATE ON SCHEMA public TO \"{user}\"");
        setting.Username = user;
        return setting.ConnectionString;
    }

    private static string AsAdministrator(string setting) => new NpgsqlConnectionStringBuilder(setting) { Username = "postgres" }.ConnectionString;

    private static async Task<NpgsqlConnection> OpenAsync(string setting)
    {
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(setting) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(string setting, string statement)
    {
        await using NpgsqlConnection connection = await OpenAsync(setting);
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As docs/sql.md says that such a user is made.</summary>
    private async Task<NpgsqlConnection> ReaderAsync()
    {
        string name = $"viewer_{Guid.NewGuid():N}";
        await ExecuteAsync(Cluster.Engines.Options.Database, $"CREATE ROLE {name} LOGIN IN ROLE quorate_reader");
        return await OpenAsync(new NpgsqlConnectionStringBuilder(Cluster.Engines.Options.Database) { Username = name }.ConnectionString);
    }

    private async Task AddOneCommandOfEachResultAsync()
    {
        foreach (ResultCode result in Enum.GetValues<ResultCode>())
        {
            await Cluster.ExecuteAsync(
                """
                INSERT INTO scheduler_operation (request_id, operation, service, command, node, state, result, reasons, is_refused, requested_at, answered_at)
                VALUES (@id, @id, '', 'drain', 'n1', 'answered', @result, '["one", "t\u00fcr, \"two\""]', 1, 1767268800123, 1767268801456)
                """,
                new { id = $"of {result}", result = result.ToString() });
        }
    }

    private async Task<List<string>> ListAsync(string query)
    {
        await using NpgsqlConnection connection = await OpenAsync(Cluster.Engines.Options.Database);
        await using NpgsqlCommand command = new(query, connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        List<string> all = [];
        while (await rows.ReadAsync())
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }

    private static async Task<List<JsonObject>> RowsAsync(NpgsqlConnection connection, string from)
    {
        await using NpgsqlCommand command = new($"SELECT to_jsonb(shown)::text FROM (SELECT * FROM quorate.{from}) AS shown", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        List<JsonObject> all = [];
        while (await rows.ReadAsync())
        {
            all.Add(JsonNode.Parse(rows.GetString(0))!.AsObject()); // a row is an object
        }

        return all;
    }

    private static async Task AssertRefusedAsync(NpgsqlConnection reader, string statement)
    {
        await using NpgsqlCommand command = new(statement, reader);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.True(refused.SqlState == InsufficientPrivilege, $"{statement}: {refused.Message}");
    }

    private async Task AssertSameAsync(NpgsqlConnection reader, string view, string path, string key, params string[] beside)
    {
        JsonObject[] told = [.. JsonNode.Parse(await Cluster.First.Http.GetStringAsync(path))!.AsArray().Select(row => row!.AsObject())]; // a list of objects
        Dictionary<string, JsonObject> rows = (await RowsAsync(reader, view)).ToDictionary(row => row[key]!.ToString()); // a key is never null

        Assert.NotEmpty(told);
        Assert.Equal(told.Select(row => row[key]!.ToString()).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (JsonObject row in told)
        {
            AssertSame(row, rows[row[key]!.ToString()], beside);
        }
    }

    private static void AssertSame(JsonObject told, JsonObject row, string[] beside)
    {
        IEnumerable<string> names = told.Select(field => NameOf(field.Key)).Concat(beside);
        Assert.Equal(names.Order(StringComparer.Ordinal), row.Select(column => column.Key).Order(StringComparer.Ordinal));
        foreach ((string name, JsonNode? value) in told)
        {
            Assert.Equal((name, Text(name, value)), (name, Text(name, row[NameOf(name)])));
        }
    }

    private static string NameOf(string field) => Renamed.GetValueOrDefault(field) ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(field);

    /// <summary>Instants are written differently and are the same.</summary>
    private static string Text(string name, JsonNode? value) => value switch
    {
        null => "null",
        JsonValue when name is "at" or "since" || name.EndsWith("At", StringComparison.Ordinal) =>
            DateTimeOffset.Parse(value.ToString(), CultureInfo.InvariantCulture).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };
}
