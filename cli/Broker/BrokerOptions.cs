using System.CommandLine;
using System.CommandLine.Parsing;

using Quorate.Hosting.Settings;

namespace Quorate.Cli.Broker;

/// <summary>What <c>quorate broker users</c> can be told.</summary>
internal sealed class BrokerOptions
{
    public const string ControlDefault = "rabbitmqctl";

    /// <summary>Where a broker is that nobody moved.</summary>
    public const string BrokerDefault = "amqp://localhost:5672/";

    public Option<string> Secrets { get; } = new("--secrets")
    {
        Description = "The directory for the passwords: one file for each user, with the address that Quorate:BusFile takes.",
        HelpName = "DIR",
        Required = true,
    };

    public Option<string?> Broker { get; } = new("--broker")
    {
        Description = $"Where the programs find the broker, without user and password. Default: {BrokerDefault}",
        HelpName = "amqp://HOST:PORT/VHOST",
    };

    public Option<string?> Prefix { get; } = new("--prefix") { Description = "Quorate:BusPrefix of this cluster.", HelpName = "PREFIX" };

    public Option<string?> Configuration { get; } = new("--config")
    {
        Description = "A cluster.conf: each of its nodes gets a user of its own, executor.NODE. Without it all executors share one.",
        HelpName = "FILE",
    };

    public Option<string[]> Rotate { get; } = new("--rotate") { Description = "Give this user a new password; may be repeated.", HelpName = "USER" };

    public Option<string?> Management { get; } = new("--management")
    {
        Description = "Import by the management plugin, as a user who is administrator. "
            + $"Its password: {ManagementImport.PasswordVariable}, or --management-password-file.",
        HelpName = "http://USER@HOST:15672",
    };

    public Option<string?> ManagementPasswordFile { get; } = new("--management-password-file") { Description = "Holds that password.", HelpName = "FILE" };

    public Option<string?> Control { get; } = new("--rabbitmqctl")
    {
        Description = $"Import by rabbitmqctl on this machine; with its path where it is not found as {ControlDefault}.",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string?> ControlNode { get; } = new("--rabbitmq-node") { Description = "The broker's node that rabbitmqctl talks to.", HelpName = "NAME" };

    public Option<bool> Print { get; } = new("--print") { Description = "Import nothing: print the definitions, which hold hashes and no password, for load_definitions." };

    public void AddTo(Command command)
    {
        Control.CustomParser = typed => typed.Tokens is [var path] ? path.Value : ControlDefault;
        foreach (Option option in (Option[])[Secrets, Broker, Prefix, Configuration, Rotate, Management, ManagementPasswordFile, Control, ControlNode, Print])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Check);
    }

    private void Check(CommandResult typed)
    {
        int ways = ((Option[])[Management, Control, Print]).Count(way => typed.GetResult(way) is { Implicit: false });
        if (ways != 1)
        {
            typed.AddError("broker users takes one of --management URL, --rabbitmqctl and --print");
        }

        if (!Uri.TryCreate(typed.GetValue(Broker) ?? BrokerDefault, UriKind.Absolute, out Uri? broker) || broker.Scheme is not ("amqp" or "amqps") || broker.Host.Length == 0)
        {
            typed.AddError("--broker takes an address like amqp://rabbit1:5672/ or amqps://rabbit1:5671/vhost");
        }
        else if (broker.UserInfo.Length > 0)
        {
            typed.AddError("--broker takes an address without user and password: those are made here");
        }

        if (typed.GetValue(Management) is { } management && (!Uri.TryCreate(management, UriKind.Absolute, out Uri? api) || api.Scheme is not ("http" or "https")))
        {
            typed.AddError("--management takes an address like http://admin@rabbit1:15672");
        }

        if (typed.GetValue(Prefix) is { } prefix && QuorateSettings.FaultOfPrefix(prefix) is { } fault)
        {
            typed.AddError($"--prefix: {fault}");
        }
    }
}
