using System.Globalization;

namespace Quorate.Tests.Simulation;

/// <summary>Breaks one rule after the other and says how many schedules it took to notice.</summary>
internal static class MutationTable
{
    /// <summary>How many schedules of each broken rule are played until one is noticed; null where none was.</summary>
    /// <param name="budget">For each rule.</param>
    /// <param name="from">The first seed.</param>
    public static IEnumerable<(Mutation Mutation, int? Schedules, string Violation)> Measure(int budget, ulong from)
    {
        foreach (Mutation mutation in Enum.GetValues<Mutation>().Where(mutation => mutation != Mutation.None))
        {
            Campaign campaign = new(mutation);
            campaign.Run(from, budget, stopsAtFirst: true);
            yield return campaign.Failed is [{ } first, ..]
                ? (mutation, (int)(first.Seed - from) + 1, first.Violations[0].Split('\n')[0])
                : (mutation, null, "");
        }
    }

    /// <summary>Prints the table.</summary>
    /// <returns>0 when each was noticed that nothing else covers.</returns>
    public static int Print(TextWriter output, int budget, ulong from)
    {
        int missed = 0;
        foreach ((Mutation mutation, int? schedules, string violation) in Measure(budget, from))
        {
            string? second = Coverage.SecondOf(mutation);
            missed += schedules is null && second is null ? 1 : 0;
            string found = schedules?.ToString(CultureInfo.InvariantCulture) ?? "not found";
            output.WriteLine($"{mutation,-28} {found,9}  {violation}{(second is null ? "" : $"covered twice, by {second}")}");
            output.Flush();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{missed} broken rules unnoticed within {budget} schedules"));
        return missed == 0 ? 0 : 1;
    }
}
