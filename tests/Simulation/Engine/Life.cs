namespace Quorate.Tests.Simulation.Engine;

/// <summary>
/// One life of a process or a machine. What a dead one was about to do never happens; what a paused one was about to do happens once it
/// goes on. A process lives and pauses with its machine.
/// </summary>
/// <param name="name">For the transcript.</param>
/// <param name="host">Where it is on the network.</param>
/// <param name="machine">What it runs on; null for a machine.</param>
internal sealed class Life(string name, Host host, Life? machine = null)
{
    private bool _isDead;
    private bool _isPaused;

    public Host Host => host;

    public bool IsDead => _isDead || machine?.IsDead == true;

    public bool IsPaused => _isPaused || machine?.IsPaused == true;

    /// <summary>Only by <see cref="World"/>.</summary>
    public void Die() => _isDead = true;

    /// <summary>Only by <see cref="World"/>.</summary>
    public void Pause(bool isPaused) => _isPaused = isPaused;

    public override string ToString() => name;
}
