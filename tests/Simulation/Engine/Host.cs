namespace Quorate.Tests.Simulation.Engine;

/// <summary>Every end of a network link.</summary>
internal enum Host
{
    N1,
    N2,
    N3,
    Q1,
    Q2,
    S1,
    S2,
    Database,
    Broker,
    Operator,
}
