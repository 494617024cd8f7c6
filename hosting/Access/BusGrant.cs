namespace Quorate.Hosting.Access;

/// <summary>What one user may do in a virtual host, as the broker takes it: a regular expression over the names of queues and exchanges for each.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Configure">What it may declare and delete.</param>
/// <param name="Write">What it may publish to, and bind to something.</param>
/// <param name="Read">What it may consume, and subscribe to.</param>
/// <remarks>Source: RabbitMQ, "Access Control", the table of operations and permissions.</remarks>
public sealed record BusGrant(string User, string Configure, string Write, string Read);
