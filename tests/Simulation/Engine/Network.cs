namespace Quorate.Tests.Simulation.Engine;

/// <summary>Who reaches whom, and how long it takes.</summary>
internal sealed class Network(World world)
{
    private static readonly int Hosts = Enum.GetValues<Host>().Length;

    private readonly bool[,] _isCut = new bool[Hosts, Hosts];
    private readonly bool[] _isDown = new bool[Hosts];

    /// <summary>Per thousand messages that are lost, doubled or late while things go wrong.</summary>
    public int Trouble { get; set; }

    public void Cut(Host from, Host to, bool isCut) => _isCut[(int)from, (int)to] = isCut;

    public void TakeDown(Host host, bool isDown) => _isDown[(int)host] = isDown;

    public bool Passes(Host from, Host to) => !_isCut[(int)from, (int)to] && !_isDown[(int)from] && !_isDown[(int)to];

    /// <summary>True when both directions work, as a connection needs.</summary>
    public bool Connects(Host one, Host other) => Passes(one, other) && Passes(other, one);

    public void HealAll()
    {
        Array.Clear(_isCut);
        Array.Clear(_isDown);
        Trouble = 0;
    }

    /// <summary>A usual way, now and then a long one.</summary>
    public int Lag(int longest) => world.Chance.PerThousand(Trouble) ? world.Chance.Between(5, longest) : world.Chance.Between(1, 4);

    /// <summary>A request straight to another process; lost on the way where it cannot pass.</summary>
    public void Post(Host from, Life to, int longest, Action arrive)
    {
        if (Passes(from, to.Host) && !world.Chance.PerThousand(Trouble))
        {
            world.After(Lag(longest), to, arrive);
        }
    }
}
