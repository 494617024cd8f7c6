using System.Collections.Frozen;

namespace Quorate.Tests.Simulation;

/// <summary>Which broken rules nothing notices, because a second protection holds alone; and which break several protections at once.</summary>
internal static class Coverage
{
    private static readonly FrozenDictionary<Mutation, Mutation[]> Parts = new Dictionary<Mutation, Mutation[]>
    {
        [Mutation.EvaluationUnguarded] = [Mutation.EvaluationUnlocked, Mutation.TokenUnchecked],
        [Mutation.CommandsForgotten] = [Mutation.InboxForgotten, Mutation.CommandTakenAgain],
    }.ToFrozenDictionary();

    /// <summary>What covers a rule once more, in words; null for a rule that the simulation has to see broken.</summary>
    public static string? SecondOf(Mutation mutation) => mutation switch
    {
        Mutation.EvaluationUnlocked => "the token: of two evaluators the later one alone applies its plan",
        Mutation.InboxForgotten => "each receiver: epochs, sequences, and the look at the command's row",
        Mutation.CommandTakenAgain => "the inbox, and that a second copy is sent only when the first has waited for long",
        Mutation.AnswerUnchecked => "a journey that has ended names no command any more",
        _ => null,
    };

    /// <summary>True where breaking the one breaks the other.</summary>
    public static bool Includes(this Mutation broken, Mutation rule) => broken == rule || (Parts.TryGetValue(broken, out Mutation[]? parts) && parts.Contains(rule));

    /// <summary>
    /// True where evaluators take their time between planning and applying, so that what they planned for has often moved by then. Only where
    /// a look at exactly that is left out: it would make every other schedule longer for nothing.
    /// </summary>
    public static bool HasSlowEvaluators(this Mutation broken) => broken is Mutation.TokenUnchecked or Mutation.VersionUnchecked;
}
