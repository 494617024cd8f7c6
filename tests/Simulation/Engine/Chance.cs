namespace Quorate.Tests.Simulation.Engine;

/// <summary>The dice of one schedule (xorshift): the same seed gives the same numbers on every machine and runtime.</summary>
internal sealed class Chance(ulong seed)
{
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private const int PerMille = 1000;

    private ulong _state = ((seed + 1) * Spread) | 1;

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 11) % (ulong)bound);
    }

    /// <summary>A number within both ends.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool PerThousand(int chance) => Below(PerMille) < chance;

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
