using System.Data.Common;
using System.Text.Json;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;

namespace Quorate.Scheduler.Service.Store;

/// <summary>The commands as people and programs read them, newest first.</summary>
internal static class OperationList
{
    private const string Columns =
        "request_id, operation, service, command, node, state, result, is_refused, owner, reasons, requested_at, answered_at";

    /// <summary>The newest that a filter lets through.</summary>
    /// <returns>Null when there is no command with the operation of <see cref="OperationFilter.Before"/>.</returns>
    public static async Task<IReadOnlyList<OperationView>?> ReadAsync(IDatabase database, OperationFilter filter, int last, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        DynamicParameters parameters = new();
        List<string> conditions = [];
        if (filter.Before is { } before)
        {
            long? at = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
                "SELECT requested_at FROM scheduler_operation WHERE operation = @before", new { before }, cancellationToken: ct));
            if (at is null)
            {
                return null;
            }
            parameters.Add("at", at);
            parameters.Add("before", before);
            conditions.Add("(requested_at, operation) < (@at, @before)");
        }
        if (filter.Service is { } service)
        {
            parameters.Add("service", service.Value);
            conditions.Add("service = @service");
        }
        if (filter.Node is { } node)
        {
            parameters.Add("node", node.Value);
            conditions.Add("node = @node");
        }
        AddList("state", filter.States);
        AddList("command", filter.Commands);
        AddList("result", [.. filter.Results.Select(result => result.ToString())]);
        parameters.Add("last", last);
        string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
        return [.. (await connection.QueryAsync<OperationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_operation {where} ORDER BY requested_at DESC, operation DESC LIMIT @last", parameters, cancellationToken: ct))).Select(View)];

        // Written out: the two databases disagree on how a list is passed as one parameter.
        void AddList(string column, IReadOnlyList<string> words)
        {
            if (words.Count == 0)
            {
                return;
            }
            for (int index = 0; index < words.Count; index++)
            {
                parameters.Add($"{column}{index}", words[index]);
            }
            conditions.Add($"{column} IN ({string.Join(',', words.Select((_, index) => $"@{column}{index}"))})");
        }
    }

    /// <summary>One command by its request id, else by its operation; null when there is none.</summary>
    public static async Task<OperationView?> FindAsync(IDatabase database, string id, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        return await connection.QueryFirstOrDefaultAsync<OperationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM scheduler_operation WHERE request_id = @id OR operation = @id ORDER BY CASE WHEN request_id = @id THEN 0 ELSE 1 END LIMIT 1",
            new { id }, cancellationToken: ct)) is { } row ? View(row) : null;
    }

    private static OperationView View(OperationRow row)
    {
        ResultCode? result = row.Result is null ? null : Enum.Parse<ResultCode>(row.Result);
        return new OperationView
        {
            Operation = row.Operation,
            RequestId = row.RequestId,
            Command = row.Command,
            Service = string.IsNullOrEmpty(row.Service) ? null : new ServiceName(row.Service),
            Node = string.IsNullOrEmpty(row.Node) ? null : new NodeName(row.Node),
            State = row.State,
            Result = result,
            Code = (int?)result,
            IsRefused = row.IsRefused != 0,
            Owner = row.Owner is null ? null : new NodeName(row.Owner),
            Reasons = [.. (JsonSerializer.Deserialize<string[]>(row.Reasons ?? "[]", SchedulerJson.Options) ?? []).Select(SchedulerJson.Storable)],
            RequestedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RequestedAt),
            AnsweredAt = row.AnsweredAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        };
    }
}
