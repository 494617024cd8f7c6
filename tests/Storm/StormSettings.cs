using System.Globalization;

namespace Quorate.Tests.Storm;

/// <summary>What a storm is told on its command line.</summary>
/// <param name="Minutes">How long faults happen, over all clusters; what it takes to start and to heal them comes on top.</param>
/// <param name="Seed">Of all dice.</param>
/// <param name="TtlMilliseconds">The lease of the clusters.</param>
/// <param name="Clusters">With fence devices, without, or one after the other.</param>
/// <param name="LetsSecondOwnersIn">Breaks rule S8 on purpose: a storm that stays green then is blind.</param>
internal sealed record StormSettings(double Minutes, ulong Seed, int TtlMilliseconds, IReadOnlyList<StormCluster> Clusters, bool LetsSecondOwnersIn)
{
    public const string Usage = """
        usage: ./test --storm [--minutes M] [--seed S] [--fence | --no-fence] [--ttl MS] [--second-owner]

          --minutes M      how long faults happen, over both clusters (1); starting and healing them comes on top
          --seed S         of all dice; without it a new one, which is printed
          --fence          only the cluster whose nodes have fence devices
          --no-fence       only the cluster whose nodes have none
          --ttl MS         the lease of the clusters (2000)
          --second-owner   break rule S8 on purpose: the storm must end with overlaps and status 1
        """;

    private const double MinutesDefault = 1;
    private const double MinutesMax = 24 * 60;
    private const int TtlDefault = 2000;
    private const int TtlMin = 200;
    private const int TtlMax = 60_000;

    /// <summary>Reads a command line; null when it cannot be used.</summary>
    /// <param name="arguments">Without the program.</param>
    /// <param name="seed">The seed where none is given.</param>
    public static StormSettings? Read(IReadOnlyList<string> arguments, ulong seed)
    {
        StormSettings settings = new(MinutesDefault, seed, TtlDefault, [new StormCluster(true), new StormCluster(false)], false);
        for (int index = 0; index < arguments.Count; index++)
        {
            string value = index + 1 < arguments.Count ? arguments[index + 1] : "";
            switch (arguments[index])
            {
                case "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and <= MinutesMax:
                    (settings, index) = (settings with { Minutes = minutes }, index + 1);
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong given):
                    (settings, index) = (settings with { Seed = given }, index + 1);
                    break;
                case "--ttl" when int.TryParse(value, CultureInfo.InvariantCulture, out int ttl) && ttl is >= TtlMin and <= TtlMax:
                    (settings, index) = (settings with { TtlMilliseconds = ttl }, index + 1);
                    break;
                case "--fence": settings = settings with { Clusters = [new StormCluster(true)] }; break;
                case "--no-fence": settings = settings with { Clusters = [new StormCluster(false)] }; break;
                case "--second-owner": settings = settings with { LetsSecondOwnersIn = true }; break;
                default: return null;
            }
        }

        return settings;
    }
}
