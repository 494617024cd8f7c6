namespace Quorate.Tests.Simulation.Engine;

/// <summary>The database did not do what was asked, or did it and could not say so.</summary>
internal sealed class StoreGoneException(string message) : Exception(message);
