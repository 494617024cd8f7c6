using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Quorate.Hosting.Access;
using Quorate.Hosting.Settings;

namespace Quorate.Tests.Integration.Access;

/// <summary>A program of one endpoint with our access, and nothing behind it.</summary>
internal sealed class OpenApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OpenApi(WebApplication app) => _app = app;

    public static async Task<OpenApi> StartAsync(string address, Everything log, string tokensFile = "")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls(address);
        ApiAccess.Add(builder.Services, new QuorateOptions { TokensFile = tokensFile });
        WebApplication app = builder.Build();
        ApiAccess.Use(app);
        app.MapGet("/", static () => "here");
        await app.StartAsync();
        return new OpenApi(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
