namespace Quorate.Hosting.Bus;

/// <summary>An endpoint that is there from the start.</summary>
internal sealed record EndpointRegistration(EndpointBuilder Builder);
