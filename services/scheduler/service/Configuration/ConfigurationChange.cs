using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Evaluation;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Configuration;

/// <summary>
/// Puts a new <c>cluster.conf</c> into force: checked, stored, its services given rows, published, all in one transaction; the answer says what
/// it changes. What runs follows it afterwards, step by step, whoever crashes meanwhile (rule S13).
/// </summary>
/// <remarks>Source: rgmanager.md 2.9; messages #5 to #8.</remarks>
internal sealed class ConfigurationChange(
    DecisionWriter writer, ConfigurationHolder holder, EvaluationSignals signals, TimeProvider time, ILogger<ConfigurationChange> logger)
{
    /// <summary>The command, as the history calls it.</summary>
    public const string Command = "apply-configuration";

    /// <summary>The longest file, in characters.</summary>
    public const int TextLengthMax = 4 * 1024 * 1024;

    /// <summary>How many lines an answer has; the rest is in <c>quorate config diff</c> and <c>quorate validate</c>.</summary>
    private const int ReasonsMax = 50;

    /// <summary>Carries out one command, once for each request id.</summary>
    /// <returns>The operation with its answer, or that of another command that had the same id; and whether it was there before.</returns>
    public async Task<(OperationRow Row, bool IsRepeated)> ApplyAsync(UnitOfWork work, ApplyConfiguration command, CancellationToken ct)
    {
        DateTimeOffset now = time.GetUtcNow();
        ConfigurationResult read = ClusterConfigurationReader.Read(command.Text, ResourceTypeCatalog.BuiltIn);
        OperationRow wanted = new()
        {
            RequestId = command.RequestId,
            Operation = Guid.NewGuid().ToString("N"),
            Command = Command,
            Node = null,
            State = OperationRow.Accepted,
            RequestedAt = now.ToUnixTimeMilliseconds(),
        };
        OperationRow stored = await OperationStore.AddAsync(work, wanted, ct);
        if (stored.Operation != wanted.Operation)
        {
            return (stored, IsRepeated: true);
        }
        await ConfigurationStore.TakeTurnAsync(work, ct);
        (ResultCode result, ImmutableArray<string> reasons) = await DecideAsync(work, read, command, now, ct);
        logger.ConfigurationApplied(command.RequestId, result, reasons[0]);
        bool isRefused = result != ResultCode.Success;
        await writer.AnswerAsync(work, new NodeName(CommandIntake.Cluster), new Effect.Answer(command.RequestId, result, null, reasons) { IsRefused = isRefused }, ct);
        return (await OperationStore.ReadAsync(work.Connection, command.RequestId, ct) ?? stored, IsRepeated: false);
    }

    /// <summary>Every service of a configuration has a row; those that were there stay as they are.</summary>
    public static async Task AddServicesAsync(UnitOfWork work, ClusterConfiguration configuration, DateTimeOffset now, CancellationToken ct)
    {
        foreach (ServiceDefinition service in configuration.Services)
        {
            await ServiceStore.AddAsync(work, ServiceRecord.New(service.Name, now), ct);
        }
    }

    /// <summary>Keeps one version and tells the whole cluster.</summary>
    public static async Task StoreAsync(
        UnitOfWork work, ClusterConfiguration configuration, string text, string requestId, DateTimeOffset now, CancellationToken ct)
    {
        await ConfigurationStore.AddAsync(
            work,
            new StoredConfiguration
            {
                Digest = configuration.Digest,
                Version = configuration.Version,
                Text = text,
                StoredAt = now.ToUnixTimeMilliseconds(),
                RequestId = requestId,
                Outline = ConfigurationOutline.Of(configuration),
            },
            ct);
        await work.Outbox.PublishAsync(
            new ConfigurationPublished { Version = configuration.Version, Digest = configuration.Digest, Text = text }, CommandIntake.Cluster);
    }

    /// <summary>Why a newer configuration must not come into force, whoever brings it; null when it may.</summary>
    /// <param name="work">The transaction in which it would; nobody else puts one into force meanwhile.</param>
    /// <param name="current">The one in force.</param>
    /// <param name="read">The newer one as it was read.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<string?> ObjectionAsync(UnitOfWork work, ClusterConfiguration current, ConfigurationResult read, CancellationToken ct) =>
        read.Configuration is not { } offered ? "it holds no cluster"
        : read.Problems.FirstOrDefault(problem => problem.Severity == ConfigSeverity.Error) is { } error ? $"it has errors, the first in {TextOf(error)}"
        : await ObjectionAsync(work, current, offered, ct);

    private async Task<(ResultCode Result, ImmutableArray<string> Reasons)> DecideAsync(
        UnitOfWork work, ConfigurationResult read, ApplyConfiguration command, DateTimeOffset now, CancellationToken ct)
    {
        if (read.Configuration is not { } offered || read.Problems.Any(problem => problem.Severity == ConfigSeverity.Error))
        {
            return (ResultCode.Invalid, Bounded(["it has errors, and nothing was changed: mend them (quorate validate FILE) and apply it again", .. read.Problems.Select(TextOf)]));
        }
        StoredConfiguration? newest = await ConfigurationStore.NewestAsync(work, ct);
        ClusterConfiguration current = newest?.Digest == holder.Current.Digest ? holder.Current : newest?.Read() ?? holder.Current;
        if (offered.Digest == current.Digest)
        {
            return (ResultCode.Success, [$"version {current.Version} is in force already"]);
        }
        if (await ObjectionAsync(work, current, offered, ct) is { } objection)
        {
            return (ResultCode.Invalid, [objection]);
        }
        await StoreAsync(work, offered, command.Text, command.RequestId, now, ct);
        await AddServicesAsync(work, offered, now, ct);
        work.OnCommitted(() =>
        {
            holder.Replace(offered);
            signals.NeedSweep();
        });
        return (ResultCode.Success, Bounded([$"version {offered.Version} is in force, after version {current.Version}", .. ChangesOf(current, offered), .. read.Problems.Select(TextOf)]));
    }

    /// <summary>What lies between two configurations, a sentence each.</summary>
    public static IEnumerable<string> ChangesOf(ClusterConfiguration current, ClusterConfiguration offered)
    {
        ConfigurationDelta delta = ConfigurationDelta.Between(current, offered);
        return delta.Services.Select(service => $"{service.Name} {WordOf(service)}: {service.Reason}")
            .Concat(delta.Elements.Select(element => $"{element.Element} is {element.Kind.ToString().ToLowerInvariant()}: {element.Reason}"))
            .Concat(LaterOf(current, offered));
    }

    private static async Task<string?> ObjectionAsync(UnitOfWork work, ClusterConfiguration current, ClusterConfiguration offered, CancellationToken ct)
    {
        if (offered.Nodes.IsEmpty)
        {
            // Quorum would not take it, and go on by the one before.
            return "it names no clusternode: a cluster without nodes runs nothing";
        }
        if (offered.ClusterName != current.ClusterName)
        {
            return $"it is the configuration of cluster '{offered.ClusterName}', and this is '{current.ClusterName}'; the name of a cluster never changes";
        }
        if (offered.Version <= current.Version)
        {
            return $"its config_version is {offered.Version}, and version {current.Version} is in force: raise it above that";
        }
        MembershipChanged? membership = await MembershipStore.NewestAsync(work, ct);
        int votes = membership?.Nodes.Where(node => node.State == NodeState.Online).Sum(node => offered.FindNode(node.Name)?.Votes ?? 0) ?? 0;
        if (membership is { IsQuorate: true } && votes < offered.Quorum.VotesNeeded)
        {
            return $"the nodes that are online would have {votes} of {offered.Quorum.VotesNeeded} votes needed: quorum would dissolve and every service stop; "
                + "add nodes with votes=\"0\" first, start them, and give them votes with a later version";
        }
        foreach (NodeName gone in current.Nodes.Select(node => node.Name).Where(node => offered.FindNode(node) is null))
        {
            if (membership?.Nodes.FirstOrDefault(node => node.Name == gone) is { State: NodeState.Online or NodeState.Lost } member)
            {
                string state = member.State.ToString().ToLowerInvariant();
                return $"{gone} is taken out, and is {state}: "
                    + (member.State == NodeState.Online ? "stop its executor first, which hands over its services" : "it has to be fenced first");
            }
            if ((await ServiceStore.OnNodeAsync(work.Connection, work.Transaction, gone, static _ => { }, ct)) is [var holding, ..])
            {
                return $"{gone} is taken out, and {holding.Record.Name} may still run there: see quorate status";
            }
        }
        return null;
    }

    /// <summary>What does not count at once.</summary>
    private static IEnumerable<string> LaterOf(ClusterConfiguration current, ClusterConfiguration offered) =>
        current.Quorum.Token == offered.Quorum.Token ? []
            : ["totem/@token: the new lease time counts once the services of quorum and scheduler have been started again, one after another"];

    private static string WordOf(ServiceDelta service) => service switch
    {
        { WaitsForEnable: true } => "is added, not started",
        { Kind: ServiceDeltaKind.Added } => "is added",
        { Kind: ServiceDeltaKind.Removed } => "is removed",
        { Kind: ServiceDeltaKind.Replaced } => "is replaced",
        _ => "is adjusted",
    };

    /// <summary>A finding of the reader, with its line.</summary>
    public static string TextOf(ConfigProblem problem) =>
        $"line {problem.Line}: {problem.Severity.ToString().ToLowerInvariant()} {problem.Code}: {problem.Text}";

    private static ImmutableArray<string> Bounded(ImmutableArray<string> lines) =>
        lines.Length <= ReasonsMax ? lines : [.. lines.Take(ReasonsMax - 1), $"and {lines.Length - ReasonsMax + 1} more"];
}
