namespace Quorate.Contracts.Views;

/// <summary>What would become of the cluster if what was asked about happened, as <c>POST /api/simulate</c> and <c>quorate simulate</c> tell it.</summary>
public sealed record SimulationView
{
    /// <summary>Whether the cluster would be quorate.</summary>
    public required bool IsQuorate { get; init; }

    /// <summary>The votes of the members there would be.</summary>
    public required int Votes { get; init; }

    public required int VotesNeeded { get; init; }

    /// <summary>The configuration that would be in force.</summary>
    public required int ConfigurationVersion { get; init; }

    /// <summary>What to think of before doing it, in sentences; empty as a rule.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What the configuration asked about changes, a sentence each; empty without one.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>What the orders asked about would be answered, in their order.</summary>
    public required IReadOnlyList<SimulatedAnswerView> Answers { get; init; }

    /// <summary>What would become of each service, by name.</summary>
    public required IReadOnlyList<SimulatedServiceView> Services { get; init; }
}
