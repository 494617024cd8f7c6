namespace Quorate.Rmtab.Core.Tables;

/// <summary>One client of one exported directory, what a line of the table is about.</summary>
/// <param name="Host">As the table spells it: an IPv4 address, an IPv6 address with ';' for each ':', or a name; never empty, no ':'.</param>
/// <param name="Path">The exported directory, absolute, without a trailing slash.</param>
public readonly record struct ClientKey(string Host, string Path);
