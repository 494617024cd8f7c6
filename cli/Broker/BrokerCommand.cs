using System.CommandLine;

using Quorate.Cli.Api;
using Quorate.Cli.Files;
using Quorate.Contracts;
using Quorate.Hosting.Access;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.Broker;

/// <summary><c>quorate broker users</c>: a user for each kind of program, and for operators and observers, each with what it needs and nothing else.</summary>
internal static class BrokerCommand
{
    /// <summary>The subcommand with its own one.</summary>
    public static Command Create() => new("broker", "Prepare a RabbitMQ broker for a cluster.") { Users() };

    private static Command Users()
    {
        BrokerOptions options = new();
        Command users = new(
            "users",
            "Create or update the broker's users and their permissions. Passwords are made here and written to files alone; a run again keeps them.");
        options.AddTo(users);
        users.SetAction((parsed, cancellation) => RunAsync(parsed, options, cancellation));
        return users;
    }

    private static async Task<int> RunAsync(ParseResult parsed, BrokerOptions options, CancellationToken cancellation)
    {
        NodeName[] nodes = [];
        if (parsed.GetValue(options.Configuration) is { } file)
        {
            if (ConfigurationFile.ReadUsable(file, ResourceTypeCatalog.BuiltIn, Console.Error) is not { } configuration)
            {
                return ExitCode.Refused;
            }

            nodes = [.. configuration.Nodes.Select(node => node.Name)];
        }

        IReadOnlyList<BusGrant> permissions = BusPermissions.Of(parsed.GetValue(options.Prefix) ?? "", nodes);
        string[] rotated = parsed.GetValue(options.Rotate) ?? [];
        if (rotated.Except(permissions.Select(permission => permission.User)).FirstOrDefault() is { } unknown)
        {
            await Console.Error.WriteLineAsync($"quorate: there is no user '{unknown}' to rotate; there are {string.Join(", ", permissions.Select(permission => permission.User))}");
            return ExitCode.Refused;
        }

        Uri broker = new(parsed.GetValue(options.Broker) ?? BrokerOptions.BrokerDefault);
        try
        {
            BrokerSecrets secrets = new(parsed.GetRequiredValue(options.Secrets), broker);
            BrokerUser[] users = [.. permissions.Select(permission => secrets.Keep(permission, rotated.Contains(permission.User)))];
            byte[] definitions = BrokerDefinitions.Of(users, VirtualHostOf(broker), parsed.GetValue(options.Prefix) ?? "");
            await DeliverAsync(parsed, options, definitions, cancellation);
            await TellAsync(users, parsed.GetValue(options.Print) ? Console.Error : Console.Out);
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"quorate: {failure.Message}");
            return ExitCode.Refused;
        }
    }

    private static async Task DeliverAsync(ParseResult parsed, BrokerOptions options, byte[] definitions, CancellationToken cancellation)
    {
        if (parsed.GetValue(options.Print))
        {
            await using Stream output = Console.OpenStandardOutput();
            await output.WriteAsync(definitions, cancellation);
        }
        else if (parsed.GetValue(options.Management) is { } management)
        {
            await ManagementImport.SendAsync(new Uri(management), parsed.GetValue(options.ManagementPasswordFile), definitions, cancellation);
        }
        else
        {
            await ControlImport.RunAsync(parsed.GetValue(options.Control) ?? BrokerOptions.ControlDefault, parsed.GetValue(options.ControlNode), definitions, cancellation);
        }
    }

    private static async Task TellAsync(IReadOnlyList<BrokerUser> users, TextWriter writer)
    {
        foreach (BrokerUser user in users)
        {
            await writer.WriteLineAsync($"{user.Grant.User}: {user.File} ({user.WhatBecame})");
        }
    }

    private static string VirtualHostOf(Uri broker) =>
        Uri.UnescapeDataString(broker.AbsolutePath.TrimStart('/')) is { Length: > 0 } named ? named : "/";
}
