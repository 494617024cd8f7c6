using System.Globalization;

namespace Quorate.Tests.Unit.Scheduler.Trials;

/// <summary>One thing that happens in a trial. It carries its own numbers, so that leaving another out changes nothing about it.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="A">Of whom, or of what.</param>
/// <param name="B">How.</param>
/// <param name="C">Where.</param>
internal sealed record TrialStep(int Kind, int A, int B, int C)
{
    private const int NumbersBelow = 1 << 20;

    /// <summary>The steps of a seed.</summary>
    public static List<TrialStep> Of(int seed, int count)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new TrialStep(Next(), Next(), Next(), Next()))];

        int Next() => random.Next(NumbersBelow);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}/{A}/{B}/{C}");
}
