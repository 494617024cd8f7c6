using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace Quorate.Hosting;

/// <summary>
/// The framework's host builders as our programs want them: settings are read once, and beside the program.
/// </summary>
/// <remarks>
/// Left to itself the framework takes the working directory for its content root and watches all below it for a changed
/// appsettings.json. A daemon's working directory is <c>/</c>: it would walk and watch the whole disk at each start, which takes seconds
/// that a restarted executor's lease does not have, and more inotify watches than many systems allow.
/// </remarks>
public static class ProgramBuilder
{
    /// <summary>Connections at a time; each may hold one caller who waits for an answer. The next one is closed.</summary>
    private const int ConnectionsMax = 2_000;

    private const string WithoutWatching = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>For a program that serves HTTP.</summary>
    /// <param name="args">The program's arguments, which override settings: <c>--Quorate:Replica=quorum1</c>.</param>
    public static WebApplicationBuilder Web(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = [WithoutWatching, .. args], ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(static server => server.Limits.MaxConcurrentConnections = ConnectionsMax);
        return builder;
    }

    /// <summary>For a program that does not.</summary>
    /// <param name="args">The same as for <see cref="Web"/>.</param>
    public static HostApplicationBuilder Plain(string[] args) =>
        new(new HostApplicationBuilderSettings { Args = [WithoutWatching, .. args], ContentRootPath = AppContext.BaseDirectory });
}
