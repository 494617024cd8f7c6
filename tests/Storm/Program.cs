using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Quorate.Tests.Storm.Running;

namespace Quorate.Tests.Storm;

/// <summary>The storm from a shell; <c>./test --storm</c> starts it.</summary>
internal static class Program
{
    private const int SeedsEnd = 1_000_000;
    private const int Interrupted = 130;

    public static async Task<int> Main(string[] arguments)
    {
        ulong seed = (ulong)RandomNumberGenerator.GetInt32(1, SeedsEnd);
        if (StormSettings.Read(arguments, seed) is not { } settings)
        {
            await Console.Error.WriteLineAsync(StormSettings.Usage);
            return 2;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"storm seed {settings.Seed}: {settings.Minutes} min, ttl {settings.TtlMilliseconds} ms; again with ./test --storm --seed {settings.Seed} and the same options"));
        // Whoever is told to stop ends its clusters first: nothing of them may stay behind.
        TaskCompletionSource interruption = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        List<Report> reports = [];
        foreach (StormCluster cluster in settings.Clusters)
        {
            StormRun run = await StormRun.StartAsync(settings, cluster);
            await using (run)
            {
                Task<Report> blowing = run.BlowAsync(TimeSpan.FromMinutes(settings.Minutes) / settings.Clusters.Count);
                if (await Task.WhenAny(blowing, interruption.Task) != blowing)
                {
                    await Console.Error.WriteLineAsync("interrupted");
                    return Interrupted;
                }

                reports.Add(await blowing);
            }

            if (!reports[^1].Verdict.Violations.Any())
            {
                run.Forget();
            }
        }

        return Report.Print(Console.Out, settings.Seed, reports) ? 0 : 1;

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interruption.TrySetResult();
        }
    }
}
