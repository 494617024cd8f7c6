using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Outbox;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Scheduler.Core;
using Quorate.Scheduler.Core.Placement;
using Quorate.Scheduler.Service.Api;
using Quorate.Scheduler.Service.Configuration;
using Quorate.Scheduler.Service.Store;

namespace Quorate.Scheduler.Service.Evaluation;

/// <summary>
/// What would happen: reads what the evaluator would read, assumes what is asked about, and lets <see cref="Forecast"/> find out with the same
/// planner. It writes nothing, takes no lock and wakes nobody.
/// </summary>
internal sealed class Simulation(
    UnitOfWorkFactory units, ConfigurationLoader loader, TimeProvider time, ILogger<ConfigurationDifferences> logger)
{
    /// <summary>Finds what would happen.</summary>
    /// <returns>The answer; or why there is none, and whether that is because of a name that is not known.</returns>
    public async Task<(SimulationView? View, string Problem, bool IsUnknownName)> RunAsync(SimulationRequest request, CancellationToken ct)
    {
        ConfigurationResult? offered = request.Configuration is { } text ? ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn) : null;
        if (offered is not null && (offered.Configuration is null || offered.Problems.Any(problem => problem.Severity == ConfigSeverity.Error)))
        {
            string first = offered.Problems.FirstOrDefault(problem => problem.Severity == ConfigSeverity.Error) is { } error ? ConfigurationChange.TextOf(error) : "it holds no cluster";
            return (null, $"the configuration has errors, and would be refused (quorate validate FILE shows all): {first}", false);
        }
        DateTimeOffset now = time.GetUtcNow();
        ImmutableSortedSet<NodeName> down = [.. (request.Down ?? []).Select(name => new NodeName(name))];
        SimulatedSituation? situation = await units.Create().RunAsync((work, token) => ReadAsync(work, offered, down, now, token), ct);
        if (situation is null)
        {
            return (null, "no membership is known yet: quorum has not spoken", false);
        }
        ImmutableArray<(CommandKind Command, ServiceName Service)> commands = [.. Commands(request)];
        return UnknownName(situation, down, commands) is { } unknown
            ? (null, unknown, true)
            : (View(situation, Forecast.Of(situation.Inquiry(commands, now)), offered, down), "", false);
    }

    private async Task<SimulatedSituation?> ReadAsync(
        UnitOfWork work, ConfigurationResult? offered, ImmutableSortedSet<NodeName> down, DateTimeOffset now, CancellationToken ct)
    {
        List<RowUnreadableException> unreadable = [];
        // Its own: the evaluator's is for one caller at a time.
        ConfigurationDifferences differences = new(logger);
        if (await EvaluationInput.LoadAsync(work, loader.InForceAsync, differences, unreadable.Add, ct) is not { } live)
        {
            return null;
        }
        ClusterConfiguration configuration = offered?.Configuration ?? live.Configuration;
        EvaluationInput assumed = SimulatedSituation.Assume(live, configuration, down, now);
        Func<ServiceRecord, ServiceChange?> changeOf =
            await differences.ChangeOfAsync(work, configuration, assumed.Services.Select(service => service.Record), ct);
        return new SimulatedSituation(live, assumed, changeOf)
        {
            Objection = offered is null || configuration.Digest == live.Configuration.Digest ? null : await ConfigurationChange.ObjectionAsync(work, live.Configuration, offered, ct),
            Unreadable = [.. unreadable],
        };
    }

    private static IEnumerable<(CommandKind Command, ServiceName Service)> Commands(SimulationRequest request) =>
    [
        .. (request.Disable ?? []).Select(name => (CommandKind.Disable, ServiceName.Parse(name))),
        .. (request.Enable ?? []).Select(name => (CommandKind.Enable, ServiceName.Parse(name))),
        .. (request.Relocate ?? []).Select(name => (CommandKind.Relocate, ServiceName.Parse(name))),
    ];

    private static string? UnknownName(
        SimulatedSituation situation, ImmutableSortedSet<NodeName> down, ImmutableArray<(CommandKind Command, ServiceName Service)> commands)
    {
        ClusterConfiguration configuration = situation.Assumed.Configuration;
        if (down.FirstOrDefault(node => configuration.FindNode(node) is null && situation.Live.Configuration.FindNode(node) is null) is { Value: not null } node)
        {
            return $"there is no node '{node}' in the configuration; it has {string.Join(", ", configuration.Nodes.Select(known => known.Name))}";
        }
        return commands.Select(command => command.Service).FirstOrDefault(service => configuration.FindService(service) is null) is { Value: not null } service
            ? $"there is no service '{service}' in the configuration; quorate status lists them"
            : null;
    }

    private static SimulationView View(SimulatedSituation situation, ForecastOutcome outcome, ConfigurationResult? offered, ImmutableSortedSet<NodeName> down)
    {
        EvaluationInput assumed = situation.Assumed;
        MembershipView membership = MembershipView.From(assumed.Newest);
        return new SimulationView
        {
            IsQuorate = assumed.Newest.IsQuorate,
            Votes = assumed.Newest.Votes,
            VotesNeeded = assumed.Newest.VotesNeeded,
            ConfigurationVersion = assumed.Configuration.Version,
            Warnings = [.. SimulationWarnings.Of(situation, outcome, offered, down)],
            Changes = offered is null ? [] : [.. ConfigurationChange.ChangesOf(situation.Live.Configuration, assumed.Configuration)],
            Answers = [.. outcome.Answers.Select(answer => new SimulatedAnswerView
            {
                Command = answer.Command.ToString().ToLowerInvariant(),
                Service = answer.Service,
                Result = answer.Result,
                IsRefused = answer.IsRefused,
                Reasons = answer.Reasons,
            })],
            Services = [.. outcome.Services.Where(service => IsShown(situation, service.Before)).Select(service => View(service, outcome, membership))],
        };
    }

    /// <summary>What status shows, and what a new configuration brings.</summary>
    private static bool IsShown(SimulatedSituation situation, ServiceRecord record) =>
        situation.Assumed.Configuration.FindService(record.Name) is not null || situation.Live.Configuration.FindService(record.Name) is not null
        || record.Owner is not null || record.Hold is not null;

    private static SimulatedServiceView View(ServiceForecast forecast, ForecastOutcome outcome, MembershipView membership) => new()
    {
        Name = forecast.Before.Name,
        State = forecast.Before.State,
        Owner = forecast.Before.Owner,
        Action = forecast.Action.ToString().ToLowerInvariant(),
        Node = forecast.Node,
        Score = forecast.Scores.Where(score => score.Node == forecast.Node).Select(score => score.Score.ToString().ToLowerInvariant()).FirstOrDefault(),
        Reason = outcome.SetAside.GetValueOrDefault(forecast.Before.Name) is { } broken ? $"an internal error would keep it from being moved: {broken}"
            : forecast.Reason.Length > 0 ? forecast.Reason : "it is parked, and nothing moves it",
        Nodes = [.. forecast.Scores.Select(score => PlacementQueries.View(score, membership))],
    };
}
