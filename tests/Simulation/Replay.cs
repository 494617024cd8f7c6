using System.Globalization;

namespace Quorate.Tests.Simulation;

/// <summary>Shows a schedule to a person.</summary>
internal static class Replay
{
    private const int LinesOfFailure = 60;

    /// <summary>What went wrong, the last lines before it, and the command that plays it again.</summary>
    public static void Print(TextWriter output, Outcome failed, Mutation mutation, bool isWhole)
    {
        List<string> transcript = Transcript(failed.Seed, mutation);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"--- seed {failed.Seed}"));
        foreach (string line in isWhole ? transcript : transcript.TakeLast(LinesOfFailure))
        {
            output.WriteLine(line);
        }

        foreach (string violation in failed.Violations)
        {
            output.WriteLine(violation);
        }

        string broken = mutation == Mutation.None ? "" : $" --mutation {mutation}";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"again: ./test --simulate --seeds 1 --from {failed.Seed}{broken} --transcript"));
    }

    public static void PrintTranscript(TextWriter output, ulong seed, Mutation mutation) => Transcript(seed, mutation).ForEach(output.WriteLine);

    private static List<string> Transcript(ulong seed, Mutation mutation)
    {
        List<string> transcript = [];
        Thread thread = new(() => Schedule.Play(seed, mutation, transcript));
        thread.Start();
        thread.Join();
        return transcript;
    }
}
