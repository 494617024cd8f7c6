using Quorate.Hosting.Access;

namespace Quorate.Cli.Broker;

/// <summary>A user of the broker with its password. A class, not a record: nothing shall print the password by accident.</summary>
/// <param name="grant">What it may do.</param>
/// <param name="password">Its password.</param>
/// <param name="file">Where that stands.</param>
/// <param name="whatBecame"><c>new</c>, <c>kept</c> or <c>rotated</c>.</param>
internal sealed class BrokerUser(BusGrant grant, string password, string file, string whatBecame)
{
    public BusGrant Grant { get; } = grant;

    public string Password { get; } = password;

    public string File { get; } = file;

    public string WhatBecame { get; } = whatBecame;
}
