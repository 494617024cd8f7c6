using System.Diagnostics;
using System.Globalization;

namespace Quorate.Tests.Simulation;

/// <summary>The simulation from a shell; <c>./test --simulate</c> starts it.</summary>
internal static class Program
{
    private const int SeedsDefault = 200;

    public static int Main(string[] arguments)
    {
        ulong from = 1;
        int seeds = SeedsDefault;
        bool isTold = false;
        bool isMutated = false;
        Mutation mutation = Mutation.None;
        for (int index = 0; index < arguments.Length; index++)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            switch (arguments[index])
            {
                case "--seeds" when int.TryParse(value, CultureInfo.InvariantCulture, out seeds) && seeds > 0: index++; break;
                case "--from" when ulong.TryParse(value, CultureInfo.InvariantCulture, out from): index++; break;
                case "--mutation" when Enum.TryParse(value, out mutation): index++; break;
                case "--transcript": isTold = true; break;
                case "--mutations": isMutated = true; break;
                default:
                    Console.Error.WriteLine($"simulation: cannot use {arguments[index]} {value}; known are --seeds N --from SEED --transcript --mutations --mutation NAME");
                    return 2;
            }
        }

        return isMutated ? MutationTable.Print(Console.Out, seeds, from) : Play(seeds, from, mutation, isTold);
    }

    private static int Play(int seeds, ulong from, Mutation mutation, bool isTold)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Campaign campaign = new(mutation);
        campaign.Run(from, seeds, stopsAtFirst: false);
        foreach (Outcome failed in campaign.Failed)
        {
            Replay.Print(Console.Out, failed, mutation, isWhole: isTold && seeds == 1);
        }

        if (isTold && campaign.Failed.Count == 0)
        {
            for (ulong seed = from; seed < from + (ulong)seeds; seed++)
            {
                Replay.PrintTranscript(Console.Out, seed, mutation);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{campaign.Events / Math.Max(1, campaign.Played)} events a schedule, at least {campaign.EventsLeast}; {campaign.Played / watch.Elapsed.TotalSeconds:F1} schedules a second"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{campaign.Played} schedules, {campaign.Failed.Count} violations"));
        return campaign.Failed.Count == 0 ? 0 : 1;
    }
}
