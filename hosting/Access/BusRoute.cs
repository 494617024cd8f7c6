using System.Collections.Immutable;

namespace Quorate.Hosting.Access;

/// <summary>The way of one kind of message over the bus.</summary>
/// <param name="Message">Its short name, which is its exchange's.</param>
/// <param name="Senders">Who may say it.</param>
/// <param name="Receivers">Who hears it; whoever is named here may subscribe.</param>
/// <param name="IsSent">True when it goes to the receiver's own queue; false when it is published to its exchange.</param>
public sealed record BusRoute(string Message, ImmutableSortedSet<BusParty> Senders, ImmutableSortedSet<BusParty> Receivers, bool IsSent = false);
