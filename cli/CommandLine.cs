using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;

using Quorate.Cli.Api;
using Quorate.Cli.Arbiter;
using Quorate.Cli.Broker;
using Quorate.Cli.Commands;
using Quorate.Cli.Config;
using Quorate.Cli.Demo;
using Quorate.Cli.Events;
using Quorate.Cli.Faces;
using Quorate.Cli.Fence;
using Quorate.Cli.Maintenance;
using Quorate.Cli.Messages;
using Quorate.Cli.Operations;
using Quorate.Cli.Queues;
using Quorate.Cli.Restraints;
using Quorate.Cli.RgTest;
using Quorate.Cli.Simulate;
using Quorate.Cli.Status;
using Quorate.Cli.Timing;
using Quorate.Cli.Tokens;
using Quorate.Cli.Validate;
using Quorate.Cli.Why;

namespace Quorate.Cli;

/// <summary>The words after <c>quorate</c>, and what runs for each.</summary>
/// <remarks>
/// Every subcommand is a factory that is called only when its word was typed (or when all of them are listed for help): a
/// command that needs a web server or a parser must not slow down one that only asks a question.
/// </remarks>
internal static class CommandLine
{
    private const string About =
        "Quorate keeps services running on exactly one node of a cluster each.\n\n"
        + "The cluster is found through QUORATE_API (http://HOST:PORT), else through .lab/env in this directory or one above it.\n"
        + "Exit status: 0 done, 1 refused or failed, 2 usage, 3 no answer.";

    /// <summary>What an interrupted command may take to end: the demo stops a whole cluster.</summary>
    private static readonly TimeSpan InterruptTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>In the order in which help lists them.</summary>
    private static readonly (string Word, Func<Command> Create)[] Subcommands =
    [
        ("status", StatusCommand.Create),
        ("why", WhyCommand.Why),
        ("history", WhyCommand.History),
        ("events", EventsCommand.Create),
        ("operations", OperationsCommand.Create),
        ("enable", ServiceCommands.Enable),
        ("disable", ServiceCommands.Disable),
        ("stop", ServiceCommands.Stop),
        ("restart", ServiceCommands.Restart),
        ("relocate", ServiceCommands.Relocate),
        ("migrate", ServiceCommands.Migrate),
        ("freeze", ServiceCommands.Freeze),
        ("unfreeze", ServiceCommands.Unfreeze),
        ("convalesce", ServiceCommands.Convalesce),
        ("unpark", ServiceCommands.Unpark),
        ("drain", DrainCommands.Drain),
        ("undrain", DrainCommands.Undrain),
        ("lock", LockCommands.Lock),
        ("unlock", LockCommands.Unlock),
        ("fence", FenceCommand.Create),
        ("queues", QueuesCommand.Create),
        ("maintenance", MaintenanceCommand.Create),
        ("arbiter", ArbiterCommand.Create),
        ("broker", BrokerCommand.Create),
        ("token", TokenCommand.Create),
        ("validate", ValidateCommand.Create),
        ("config", ConfigCommand.Create),
        ("messages", MessagesCommand.Messages),
        ("explain", MessagesCommand.Explain),
        ("simulate", SimulateCommand.Create),
        ("timing", TimingCommand.Create),
        ("rg_test", RgTestCommand.Create),
        ("demo", DemoCommand.Create),
    ];

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>, or the subcommand's own code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 0 && Face.Find(args[0]) is { } face)
        {
            return await RunFaceAsync(face, args[1..]);
        }

        Option<string?> tokenFile = new("--token-file")
        {
            Description = $"A file with the token that the cluster asks for; else {ApiToken.Variable}, or the file of {ApiToken.FileVariable}.",
            HelpName = "FILE",
            Recursive = true,
        };
        RootCommand root = Build(args, tokenFile);
        // A service may be called "@web": arguments are taken as they are, never as the name of a file of arguments.
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (FindUnknownOption(parsed, args) is { } unknown)
        {
            return await ExplainUsageAsync(parsed, [$"there is no option '{unknown}' (a name that starts with '-' goes behind ' -- ')"]);
        }

        if (parsed.Errors.Count > 0)
        {
            return await ExplainUsageAsync(parsed, parsed.Errors.Select(error => error.Message));
        }

        if (parsed.GetValue(tokenFile) is { } typedFile)
        {
            // As if it stood in the environment: every command looks for the cluster and its token there, and a word typed now counts more.
            Environment.SetEnvironmentVariable(ApiToken.FileVariable, typedFile);
            Environment.SetEnvironmentVariable(ApiToken.Variable, null);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = InterruptTimeMax,
            });
        }
        catch (AccessRefusedException refusal)
        {
            await Console.Error.WriteLineAsync($"quorate: {refusal.Message}");
            return ExitCode.Refused;
        }
        catch (NoAnswerException silence)
        {
            await Console.Error.WriteLineAsync($"quorate: {silence.Message}");
            return ExitCode.NoAnswer;
        }
        catch (IOException broken) when (Console.IsOutputRedirected)
        {
            // A full disk, or a reader that went away: what was printed is not all.
            await Console.Error.WriteLineAsync($"quorate: cannot write the output: {broken.Message}");
            return ExitCode.Refused;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("quorate: interrupted; a command that was sent may still be carried out (quorate status shows it)");
            return ExitCode.NoAnswer;
        }
    }

    private static RootCommand Build(string[] args, Option<string?> tokenFile)
    {
        RootCommand root = new(About) { tokenFile };
        var typed = Array.Find(Subcommands, candidate => args.Length > 0 && candidate.Word == args[0]);
        foreach (var (_, create) in typed.Create is null ? Subcommands : [typed])
        {
            root.Subcommands.Add(create());
        }

        if (typed.Create is null)
        {
            foreach (Face face in Face.All)
            {
                root.Subcommands.Add(new Command(face.Word, face.Description)); // for the help alone: see RunFaceAsync
            }
        }

        return root;
    }

    /// <summary>A tool of the original reads its command line itself: getopt(3) and the parser here disagree about order and about "-x" behind a name.</summary>
    private static async Task<int> RunFaceAsync(Face face, string[] args)
    {
        using CancellationTokenSource interruption = new();
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            interruption.Cancel();
        });
        try
        {
            return await face.RunAsync(args, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The first word before <c>--</c> that looks like an option and is none: the parser would take it for a name and blame another word.</summary>
    private static string? FindUnknownOption(ParseResult parsed, string[] args)
    {
        int end = Array.IndexOf(args, "--");
        HashSet<string> before = [.. args.Take(end < 0 ? args.Length : end)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && before.Contains(word));
    }

    private static async Task<int> ExplainUsageAsync(ParseResult parsed, IEnumerable<string> problems)
    {
        foreach (string problem in problems)
        {
            await Console.Error.WriteLineAsync($"quorate: {problem}");
        }

        Stack<string> words = [];
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = command.Parent)
        {
            words.Push(command.Command.Name);
        }

        await Console.Error.WriteLineAsync($"Try: {string.Join(' ', words.Prepend("quorate"))} --help");
        return ExitCode.Usage;
    }
}
