namespace Quorate.Scheduler.Core.Placement;

/// <summary>What an arrangement costs, the weightiest first.</summary>
/// <param name="Idle">Services that do not run, each weighted by its priority.</param>
/// <param name="Moves">Services that run and have to move.</param>
/// <param name="Score">What their failover domains would rather have.</param>
/// <param name="Load">How many services the chosen nodes run.</param>
internal readonly record struct Cost(int Idle, int Moves, int Score, int Load) : IComparable<Cost>
{
    public Cost Plus(Cost other) => new(Idle + other.Idle, Moves + other.Moves, Score + other.Score, Load + other.Load);

    public int CompareTo(Cost other) =>
        Idle.CompareTo(other.Idle) is not 0 and var idle ? idle
        : Moves.CompareTo(other.Moves) is not 0 and var moves ? moves
        : Score.CompareTo(other.Score) is not 0 and var score ? score
        : Load.CompareTo(other.Load);
}
