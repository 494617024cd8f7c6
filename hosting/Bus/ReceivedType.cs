namespace Quorate.Hosting.Bus;

/// <summary>Kept with a delivery: the short name of its message type.</summary>
internal sealed record ReceivedType(string Name);
