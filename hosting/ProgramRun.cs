using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Contracts.Catalogue;
using Quorate.Hosting.Settings;
using Quorate.Hosting.Telemetry;

namespace Quorate.Hosting;

/// <summary>Runs one of our programs to its end. One that cannot start says so under its number (#8, before it #10), in place of a stack trace alone.</summary>
/// <remarks>Source: rgmanager.md 4.1: any failure before the loop is logged as #8, #10 or #11, and the daemon exits.</remarks>
public static class ProgramRun
{
    /// <summary>The exit code of a program that could not start.</summary>
    public const int ExitNotStarted = 1;

    /// <summary>The exit code of a program whose settings or configuration cannot be used.</summary>
    public const int ExitUnusableSettings = 2;

    private const string Category = "Quorate.Hosting.ProgramRun";

    /// <summary>Starts a host and waits until it was told to end. The caller disposes it.</summary>
    /// <param name="host">Built and not started.</param>
    /// <param name="component">Who raises the messages: <c>quorum scheduler executor</c>.</param>
    /// <param name="cancellationToken">Ends the host, as a signal does.</param>
    /// <returns>0, also when it was told to end while it started; <see cref="ExitNotStarted"/> when it could not start.</returns>
    public static async Task<int> RunAsync(IHost host, string component, CancellationToken cancellationToken = default)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (IsToldToEnd(host, cancellationToken))
        {
            return 0;
        }
        catch (Exception failure)
        {
            await TellAsync(host, component, failure);
            return ExitNotStarted;
        }
        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Says that a program cannot be set up with these settings, before there is a log.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="unusable">What is wrong with them.</param>
    /// <returns><see cref="ExitUnusableSettings"/>.</returns>
    public static async Task<int> RefuseAsync(TextWriter error, SettingsException unusable)
    {
        await error.WriteLineAsync(unusable.Message);
        await error.WriteLineAsync(MessageText.Format(CatalogueMessage.StartupFailed));
        return ExitUnusableSettings;
    }

    private static bool IsToldToEnd(IHost host, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
        || host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private static async Task TellAsync(IHost host, string component, Exception failure)
    {
        ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        logger.NotStarted(failure.Message);
        if (IsListenerRefused(failure))
        {
            logger.ListenerNotOpened();
            await RaiseAsync(host, logger, CatalogueMessage.ListenerNotOpened, component, failure);
        }
        logger.StartupFailed();
        await RaiseAsync(host, logger, CatalogueMessage.StartupFailed, component, failure);
    }

    /// <summary>Only the web server opens sockets of its own: a database or a broker that is away throws something else.</summary>
    private static bool IsListenerRefused(Exception failure) => failure is SocketException or IOException { InnerException: AddressInUseException };

    private static async Task RaiseAsync(IHost host, ILogger logger, CatalogueMessage message, string component, Exception reason)
    {
        try
        {
            string text = $"{MessageText.Format(message)} ({reason.Message})";
            await host.Services.GetRequiredService<MessageRaiser>().TryRaiseAsync((int)message, text, component);
        }
        catch (Exception failure)
        {
            // Whatever kept the program from starting may keep its bus from being made; it is logged all the same.
            logger.NotSent(nameof(Contracts.V1.MessageRaised), failure.Message);
        }
    }
}
