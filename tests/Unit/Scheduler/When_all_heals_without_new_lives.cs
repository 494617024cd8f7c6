using System.Globalization;
using Quorate.Tests.Unit.Scheduler.Trials;

namespace Quorate.Tests.Unit.Scheduler;

/// <summary>
/// The scheduler's core among live executors, with everything that the simulation does not know: migrations, changes of what runs, ties,
/// exclusive services, and operators who freeze, drain, lock and confirm. A failure names its seed and tells the shortest story found.
/// </summary>
public sealed class When_all_heals_without_new_lives
{
    private const int Seeds = 400;
    private const int StepsTaken = 90;
    private const int KindsOfAgents = 8;
    private const int LinesTold = 80;
    private const int LinesAtEnd = 30;

    public static TheoryData<string> Settings => [.. Setting.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    [Trait("Rule", "S8")]
    [Trait("Rule", "S13")]
    public void Nothing_ran_twice_and_all_comes_to_rest(string name)
    {
        Setting setting = Setting.All.Single(setting => setting.Name == name);
        for (int seed = 1; seed <= Seeds; seed++)
        {
            List<TrialStep> steps = TrialStep.Of(seed, StepsTaken);
            if (Play(setting, steps, seed).Violation is not null)
            {
                Trial shortest = Play(setting, Shortened(setting, steps, seed), seed);
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{name}, seed {seed}: {shortest.Violation}\n{Told(shortest)}"));
            }
        }
    }

    private static Trial Play(Setting setting, IEnumerable<TrialStep> steps, int seed)
    {
        Trial trial = new(setting);
        foreach (TrialStep step in steps.TakeWhile(_ => trial.Violation is null))
        {
            trial.Take(step);
        }

        trial.Heal(AgentsOf(seed));
        return trial;
    }

    private static Agents AgentsOf(int seed) => (seed % KindsOfAgents) switch
    {
        1 => Agents.RefuseMigrations,
        2 => Agents.RefuseChanges,
        3 => Agents.ProveNothing,
        _ => Agents.Succeed,
    };

    private static string Told(Trial trial) => trial.Story.Count <= LinesTold
        ? string.Join('\n', trial.Story)
        : string.Join('\n', [.. trial.Story.Take(LinesTold), "[...]", .. trial.Story.TakeLast(LinesAtEnd)]);

    /// <summary>Leaves out what the violation does not need, until nothing more can go.</summary>
    private static List<TrialStep> Shortened(Setting setting, List<TrialStep> steps, int seed)
    {
        for (int size = steps.Count / 2; size > 0; size = size == 1 ? 0 : size / 2)
        {
            for (int from = 0; from + size <= steps.Count;)
            {
                List<TrialStep> fewer = [.. steps.Take(from), .. steps.Skip(from + size)];
                if (Play(setting, fewer, seed).Violation is not null)
                {
                    steps = fewer;
                }
                else
                {
                    from += size;
                }
            }
        }

        return steps;
    }
}
