using System.Data.Common;
using Dapper;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Database;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Api;

/// <summary>Reads for people and programs: rows only, nothing remembered.</summary>
internal sealed class ClusterQueries(IDatabase database, UnitOfWorkFactory units, ConfigurationHolder configuration)
{
    /// <summary>Everything at a glance, from one moment.</summary>
    public Task<ClusterView> ClusterAsync(CancellationToken ct) => units.Create().RunAsync(
        async (work, token) =>
        {
            ClusterConfiguration current = configuration.Current;
            MembershipChanged? membership = await MembershipStore.NewestAsync(work, token);
            List<ServiceView> unreadable = [];
            IReadOnlyList<StoredService> services = await ServiceStore.ReadAllAsync(
                work.Connection, work.Transaction, broken => unreadable.Add(Unreadable(broken)), token);
            return new ClusterView
            {
                Name = current.ClusterName,
                IsQuorate = membership?.IsQuorate ?? false,
                Generation = membership?.Generation ?? 0,
                Votes = membership?.Votes ?? 0,
                VotesNeeded = membership?.VotesNeeded ?? current.Quorum.VotesNeeded,
                IsMaintenance = membership?.IsMaintenance ?? false,
                IsLocked = membership?.IsLocked ?? false,
                ConfigurationVersion = current.Version,
                ConfigurationDigest = current.Digest,
                Nodes = Nodes(current, membership),
                Services = [.. services.Select(View).Concat(unreadable)
                    .Where(service => IsShown(current, service)).OrderBy(service => service.Name)],
            };
        },
        ct);

    /// <summary>What was taken out of the configuration stays in sight until it is proven to run nowhere.</summary>
    private static bool IsShown(ClusterConfiguration configuration, ServiceView service) =>
        configuration.FindService(service.Name) is not null || service.Owner is not null || service.Flags.Contains("held");

    /// <summary>One service that is configured, or was and may still run; null when there is none such.</summary>
    public async Task<ServiceView?> ServiceAsync(ServiceName name, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        try
        {
            return await ServiceStore.ReadAsync(connection, name, ct) is { } stored && View(stored) is var view && IsShown(configuration.Current, view) ? view : null;
        }
        catch (RowUnreadableException broken) when (configuration.Current.FindService(name) is not null)
        {
            return Unreadable(broken);
        }
    }

    /// <summary>A node as the newest membership names it; null when it does not.</summary>
    public Task<MemberNode?> MemberAsync(NodeName name, CancellationToken ct) => units.Create().RunAsync(
        async (work, token) => (await MembershipStore.NewestAsync(work, token))?.Nodes.FirstOrDefault(node => node.Name == name), ct);

    /// <summary>One configured node; null when there is none such.</summary>
    public ClusterNode? FindNode(NodeName name) => configuration.Current.FindNode(name);

    /// <summary>The failover domains of the configuration in force.</summary>
    public IReadOnlyList<string> Domains => [.. configuration.Current.FailoverDomains.Keys];

    /// <summary>The failover domain that a service names; null for one that names none.</summary>
    public string? DomainOf(ServiceName name) => configuration.Current.FindService(name)?.Domain;

    /// <summary>The last transitions of a service before one of them, oldest first.</summary>
    public async Task<IReadOnlyList<TransitionView>> HistoryAsync(ServiceName name, int last, long before, CancellationToken ct)
    {
        await using DbConnection connection = await database.OpenAsync(ct);
        IEnumerable<HistoryRow> rows = await connection.QueryAsync<HistoryRow>(new CommandDefinition(
            """
            SELECT id, at, from_state, to_state, owner, epoch, reason, cause FROM scheduler_history
            WHERE service = @name AND id < @before ORDER BY id DESC LIMIT @last
            """,
            new { name = name.Value, last, before }, cancellationToken: ct));
        return [.. rows.Reverse().Select(row => new TransitionView
        {
            Id = row.Id,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            From = Enum.Parse<ServiceState>(row.FromState, ignoreCase: true),
            To = Enum.Parse<ServiceState>(row.ToState, ignoreCase: true),
            Owner = row.Owner is null ? null : new NodeName(row.Owner),
            Epoch = row.Epoch,
            Reason = row.Reason,
            Cause = row.Cause,
        })];
    }

    private static NodeView[] Nodes(ClusterConfiguration configuration, MembershipChanged? membership)
    {
        Dictionary<NodeName, MemberNode> known = membership?.Nodes.ToDictionary(node => node.Name) ?? [];
        return [.. configuration.Nodes.Select(node => known.TryGetValue(node.Name, out MemberNode? member)
            ? new NodeView
            {
                Name = node.Name,
                Id = node.Id,
                State = member.State,
                Votes = node.Votes,
                Incarnation = member.Incarnation,
                Since = member.Since,
                OnLeaseLoss = member.OnLeaseLoss,
                IsDrained = member.IsDrained,
            }
            : new NodeView { Name = node.Name, Id = node.Id, State = NodeState.Absent, Votes = node.Votes, Since = default })];
    }

    /// <summary>A row that says something impossible is shown as such, beside those that are sound.</summary>
    private static ServiceView Unreadable(RowUnreadableException broken) => new()
    {
        Name = broken.Service,
        State = ServiceState.Uninitialized,
        Epoch = 0,
        Flags = ["unreadable"],
        Restarts = 0,
        Since = default,
        Reason = broken.Message,
    };

    /// <summary>A row as every interface shows it.</summary>
    public static ServiceView View(StoredService stored)
    {
        ServiceRecord record = stored.Record;
        return new ServiceView
        {
            Name = record.Name,
            State = record.State,
            Owner = record.Owner,
            LastOwner = record.LastOwner,
            Epoch = record.Epoch,
            Flags = stored.Parked is null ? ServiceStore.Flags(record) : [.. ServiceStore.Flags(record), "parked"],
            Restarts = record.Restarts,
            Since = record.Since,
            // As SQL shows it, where no text holds a NUL.
            Reason = SchedulerJson.Storable(stored.Parked ?? record.Reason),
        };
    }

    private sealed class HistoryRow
    {
        public long Id { get; set; }

        public long At { get; set; }

        public string FromState { get; set; } = "";

        public string ToState { get; set; } = "";

        public string? Owner { get; set; }

        public long Epoch { get; set; }

        public string Reason { get; set; } = "";

        public string Cause { get; set; } = "";
    }
}
